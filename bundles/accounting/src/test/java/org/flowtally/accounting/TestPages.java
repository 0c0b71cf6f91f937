// SPDX-License-Identifier: Apache-2.0
package org.flowtally.accounting;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flowtally.api.usage.UnmatchedTotal;
import org.flowtally.api.usage.UsagePage;
import org.flowtally.api.usage.UsageTotal;

/** A sink that keeps pages, adds them up as a database would, and refuses them when told to. */
final class TestPages implements PageSink {
    final List<UsagePage> pages = new ArrayList<>();
    boolean isFull;

    @Override
    public void append(UsagePage page, long boundOctets) throws IOException {
        if (isFull) {
            throw new IOException("no space left on device");
        }
        pages.add(page);
    }

    /** Returns in, out, packets in, packets out and flows by account, class and bucket, over all pages. */
    Map<String, List<BigInteger>> usage() {
        Map<String, List<BigInteger>> sums = new HashMap<>();
        for (UsagePage page : pages) {
            for (UsageTotal total : page.usage()) {
                add(
                        sums,
                        total.accountId() + suffix(total.trafficClass()) + "@" + total.bucketStartMillis(),
                        total.bytesIn(),
                        total.bytesOut(),
                        total.packetsIn(),
                        total.packetsOut(),
                        total.flows());
            }
        }
        return sums;
    }

    private static String suffix(String trafficClass) {
        return trafficClass.isEmpty() ? "" : "(" + trafficClass + ")";
    }

    /** Returns the same for unmatched addresses, by realm, address and bucket. */
    Map<String, List<BigInteger>> unmatched() {
        Map<String, List<BigInteger>> sums = new HashMap<>();
        for (UsagePage page : pages) {
            for (UnmatchedTotal total : page.unmatched()) {
                add(
                        sums,
                        total.realm() + "/" + total.addressLow() + "@" + total.bucketStartMillis(),
                        total.bytesIn(),
                        total.bytesOut(),
                        total.packetsIn(),
                        total.packetsOut(),
                        total.flows());
            }
        }
        return sums;
    }

    static List<BigInteger> counters(long... values) {
        List<BigInteger> counters = new ArrayList<>();
        for (long value : values) {
            counters.add(unsigned(value));
        }
        return counters;
    }

    static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }

    static void add(Map<String, List<BigInteger>> sums, String key, long... values) {
        List<BigInteger> added = counters(values);
        sums.merge(key, added, (sum, more) -> {
            List<BigInteger> result = new ArrayList<>();
            for (int counter = 0; counter < sum.size(); counter++) {
                result.add(sum.get(counter).add(more.get(counter)));
            }
            return result;
        });
    }
}
