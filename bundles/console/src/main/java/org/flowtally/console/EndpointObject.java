// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.util.List;
import java.util.Map;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.EndpointStatus;
import org.flowtally.lib.lookup.Prefix;

/**
 * An endpoint for JSON. How many subnets a list has is always told; the list itself where it is short or asked for, and else
 * left out: a part of it would look like the whole.
 */
final class EndpointObject {
    /** The longest list of subnets that is told unasked. */
    static final int MOST_SUBNETS = 100;

    private EndpointObject() {}

    static Map<String, Object> of(EndpointStatus status, boolean wholeLists) {
        Endpoint endpoint = status.endpoint();
        Map<String, Object> policy = Json.fields(endpoint);
        bound(policy, "allowedSubnets", endpoint.allowedSubnets(), wholeLists);
        bound(policy, "whitelistSubnets", endpoint.whitelistSubnets(), wholeLists);
        Map<String, Object> object = Json.fields(status);
        object.put("endpoint", policy);
        return object;
    }

    private static void bound(Map<String, Object> object, String key, List<Prefix> subnets, boolean wholeLists) {
        object.put(key + "Count", subnets.size());
        if (!wholeLists && subnets.size() > MOST_SUBNETS) {
            object.remove(key);
        }
    }
}
