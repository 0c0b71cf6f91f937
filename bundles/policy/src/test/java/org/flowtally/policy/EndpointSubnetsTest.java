// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.lib.lookup.Address;
import org.flowtally.lib.lookup.PrefixTable;
import org.junit.jupiter.api.Test;

class EndpointSubnetsTest {
    private final EndpointSubnets subnets = new EndpointSubnets(Endpoint::allowedSubnets);

    @Test
    void compilesAListOnceAndTakesAnotherAtOnce() {
        Endpoint before = Endpoints.allowing("site", "10.0.0.0/8");
        PrefixTable compiled = subnets.of(before);
        subnets.of(Endpoints.allowing("other", "192.0.2.0/24"));

        assertThat(subnets.of(before)).isSameAs(compiled);
        PrefixTable changed = subnets.of(Endpoints.allowing("site", "172.16.0.0/12"));
        assertThat(contains(changed, "172.16.0.1")).isTrue();
        assertThat(contains(changed, "10.0.0.1")).isFalse();
    }

    @Test
    void goesByTheListAndNotByTheSnapshot() {
        Endpoint before = Endpoints.granting("site", 10, "10.0.0.0/8");
        Endpoint changed = Endpoints.granting("site", 20, before.allowedSubnets());

        assertThat(subnets.of(changed)).isSameAs(subnets.of(before));
    }

    private static boolean contains(PrefixTable table, String address) {
        Address parsed = Address.parse(address);
        return table.contains(parsed.high(), parsed.low());
    }
}
