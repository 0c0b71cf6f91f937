// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.lib.lookup.Prefix;
import org.flowtally.lib.lookup.PrefixTable;
import org.jspecify.annotations.Nullable;

/**
 * One list of subnets of each endpoint as a table for look-ups, compiled when the list is first seen and kept until the
 * endpoint has another: one table per endpoint, however often its file changes. Owned by the working thread.
 */
final class EndpointSubnets {
    private static final int MOST_ENDPOINTS = 256; // Those that were deleted stay until then.

    private final Function<Endpoint, List<Prefix>> list;
    private final Map<String, Compiled> tables = new HashMap<>();
    private @Nullable Endpoint last;
    private PrefixTable lastTable = PrefixTable.empty();

    private record Compiled(List<Prefix> list, PrefixTable table) {}

    EndpointSubnets(Function<Endpoint, List<Prefix>> list) {
        this.list = list;
    }

    @SuppressWarnings("ReferenceEquality") // Datagrams of one endpoint come in runs, with the same snapshot.
    PrefixTable of(Endpoint endpoint) {
        if (endpoint != last) {
            lastTable = find(endpoint);
            last = endpoint;
        }
        return lastTable;
    }

    @SuppressWarnings("ReferenceEquality") // Snapshots share a list that did not change.
    private PrefixTable find(Endpoint endpoint) {
        List<Prefix> wanted = list.apply(endpoint);
        Compiled known = tables.get(endpoint.name());
        if (known != null && known.list() == wanted) {
            return known.table();
        }
        if (known == null && tables.size() >= MOST_ENDPOINTS) {
            tables.clear();
        }
        PrefixTable table = PrefixTable.of(wanted);
        tables.put(endpoint.name(), new Compiled(wanted, table));
        return table;
    }
}
