// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.policy;

import java.util.Set;

/** No classes: everything is ordinary at any time. */
final class OrdinaryTraffic implements TrafficClasses {
    @Override
    public Set<String> names() {
        return Set.of();
    }

    @Override
    public String nameAt(int profile, long millis) {
        return "";
    }

    @Override
    public long borderAfter(int profile, long millis) {
        return Long.MAX_VALUE;
    }

    @Override
    public long borderBefore(int profile, long millis) {
        return Long.MIN_VALUE;
    }
}
