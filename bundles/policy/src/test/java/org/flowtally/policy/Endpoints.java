// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.flowtally.api.endpoint.ClockPolicy;
import org.flowtally.api.endpoint.Counting;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.ExporterKey;
import org.flowtally.api.endpoint.SamplingMode;
import org.flowtally.api.endpoint.Transport;
import org.flowtally.lib.lookup.Prefix;

/** Endpoints as the listener would publish them. */
final class Endpoints {
    private Endpoints() {}

    static Endpoint allowing(String name, String... subnets) {
        return endpoint(name, prefixes(subnets), false, List.of());
    }

    static Endpoint granting(String name, int datagramsPerSecond, String... subnets) {
        return granting(name, datagramsPerSecond, prefixes(subnets));
    }

    static Endpoint granting(String name, int datagramsPerSecond, List<Prefix> subnets) {
        return new Endpoint(
                name,
                "127.0.0.1",
                2055,
                Set.of(5),
                subnets,
                false,
                List.of(),
                "",
                1 << 20,
                SamplingMode.APPLY,
                1,
                ClockPolicy.DISCARD,
                Counting.ALL,
                Transport.UDP,
                ExporterKey.ADDRESS,
                datagramsPerSecond);
    }

    static Endpoint counting(String name, boolean whitelistMode, String... subnets) {
        return endpoint(name, List.of(), whitelistMode, prefixes(subnets));
    }

    /** Returns an endpoint of a realm where so much counts. */
    static Endpoint metering(String name, String realm, Counting counting) {
        return new Endpoint(
                name,
                "127.0.0.1",
                2055,
                Set.of(5, 9),
                List.of(),
                false,
                List.of(),
                realm,
                1 << 20,
                SamplingMode.APPLY,
                1,
                ClockPolicy.DISCARD,
                counting,
                Transport.UDP,
                ExporterKey.ADDRESS,
                0);
    }

    static Endpoint listing(String name, String realm, boolean whitelistMode, List<Prefix> whitelistSubnets) {
        return endpoint(name, List.of(), whitelistMode, whitelistSubnets, realm);
    }

    private static Endpoint endpoint(
            String name, List<Prefix> allowedSubnets, boolean whitelistMode, List<Prefix> whitelistSubnets) {
        return endpoint(name, allowedSubnets, whitelistMode, whitelistSubnets, "");
    }

    private static Endpoint endpoint(
            String name,
            List<Prefix> allowedSubnets,
            boolean whitelistMode,
            List<Prefix> whitelistSubnets,
            String realm) {
        return new Endpoint(
                name,
                "127.0.0.1",
                2055,
                Set.of(5),
                allowedSubnets,
                whitelistMode,
                whitelistSubnets,
                realm,
                1 << 20,
                SamplingMode.APPLY,
                1);
    }

    private static List<Prefix> prefixes(String... subnets) {
        return Stream.of(subnets).map(Prefix::parse).toList();
    }
}
