// SPDX-License-Identifier: Apache-2.0
package org.flowtally.clockguard;

import java.util.List;
import java.util.Set;
import org.flowtally.api.endpoint.ClockPolicy;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.SamplingMode;

/** Endpoints that are usual but for their clock policy. */
final class TestEndpoints {
    private static final Endpoint USUAL = new Endpoint(
            "site",
            "127.0.0.1",
            2055,
            Set.of(5, 9, 10),
            List.of(),
            false,
            List.of(),
            "",
            1 << 20,
            SamplingMode.APPLY,
            1);

    private TestEndpoints() {}

    static Endpoint with(ClockPolicy policy) {
        return new Endpoint(
                USUAL.name(),
                USUAL.bindAddress(),
                USUAL.port(),
                USUAL.versions(),
                USUAL.allowedSubnets(),
                USUAL.whitelistMode(),
                USUAL.whitelistSubnets(),
                USUAL.realm(),
                USUAL.receiveBufferOctets(),
                USUAL.samplingMode(),
                USUAL.samplingRate(),
                policy,
                USUAL.counting(),
                USUAL.transport(),
                USUAL.exporterKey(),
                USUAL.mostDatagramsPerSecond());
    }
}
