// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Function;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.lib.lookup.Prefix;
import org.flowtally.lib.lookup.PrefixTable;

/**
 * One list of subnets of each endpoint as a table for look-ups, compiled when a snapshot is first seen and kept by its
 * identity. Owned by the working thread.
 */
final class EndpointSubnets {
    // Snapshots of former configurations stay until then; a changed file makes one more.
    private static final int MOST_SNAPSHOTS = 256;

    private final Function<Endpoint, List<Prefix>> list;
    private final IdentityHashMap<Endpoint, PrefixTable> tables = new IdentityHashMap<>();

    EndpointSubnets(Function<Endpoint, List<Prefix>> list) {
        this.list = list;
    }

    PrefixTable of(Endpoint endpoint) {
        PrefixTable known = tables.get(endpoint);
        return known != null ? known : compile(endpoint);
    }

    private PrefixTable compile(Endpoint endpoint) {
        if (tables.size() >= MOST_SNAPSHOTS) {
            tables.clear();
        }
        PrefixTable table = PrefixTable.of(list.apply(endpoint));
        tables.put(endpoint, table);
        return table;
    }
}
