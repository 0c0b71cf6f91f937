// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.flowtally.api.endpoint.MatchAddress;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.flowtally.api.flow.Verdict;
import org.flowtally.lib.lookup.Prefix;
import org.flowtally.lib.report.Counter;
import org.flowtally.lib.report.EventLog;
import org.flowtally.lib.report.LastingArrays;
import org.flowtally.lib.report.LastingState;

/**
 * The exporters of which the operator says that they see the same flows, in the order in which they are preferred; and who of
 * them counts which flow. Owned by the working thread.
 */
final class Duplicates {
    /** The preference of an exporter that the order does not name. */
    static final int NOT_IN_ORDER = -1;

    private static final String CLAIMS = "policy.claims";
    private static final String OWNERS = "policy.owners";
    private static final int MOST_OWNERS = 1 << 16;
    private static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();
    private static final long PREFIXES = FlowField.SOURCE_IS_PREFIX | FlowField.DESTINATION_IS_PREFIX;
    private static final long NEEDED = FlowField.ADDRESSES | FlowField.PROTOCOL;
    private static final long FNV_BASIS = 0xCBF2_9CE4_8422_2325L;
    private static final long FNV_PRIME = 0x0100_0000_01B3L;
    private static final int ICMP = 1;
    private static final int ICMP_V6 = 58;

    private final List<Prefix> order;
    private final int[] owners;
    private final FlowClaims claims;
    private final EventLog events;
    private final Counter givenUp;
    private long quietUntil = Long.MIN_VALUE;
    private long quietGivenUp;

    private Duplicates(List<Prefix> order, int[] owners, FlowClaims claims, EventLog events, Counter givenUp) {
        this.order = order;
        this.owners = owners;
        this.claims = claims;
        this.events = events;
        this.givenUp = givenUp;
    }

    static Duplicates of(PolicySettings settings, EventLog events) {
        Counter givenUp = new Counter();
        int[] owners = owners(settings.exporterPreference());
        int length = FlowClaims.length(settings.exporterPreference().isEmpty() ? 1 : settings.duplicateFlows());
        if (settings.exporterPreference().isEmpty()) {
            LastingArrays.forget(CLAIMS);
        }
        long[] cells = settings.exporterPreference().isEmpty() ? new long[length] : LastingArrays.of(CLAIMS, length);
        return new Duplicates(
                settings.exporterPreference(),
                owners,
                new FlowClaims(
                        cells,
                        settings.duplicateGapMillis(),
                        givenUp,
                        ThreadLocalRandom.current().nextLong()),
                events,
                givenUp);
    }

    /**
     * Returns the number by which each of an order owns its claims. It stays the same when the order changes, so that who began
     * to count a flow goes on, whatever place it has now.
     */
    @SuppressWarnings("unchecked") // Whoever asks by this name puts the same types in.
    private static int[] owners(List<Prefix> order) {
        Map<String, Integer> known = LastingState.of(OWNERS, ConcurrentHashMap.class, ConcurrentHashMap::new);
        if (known.size() + order.size() > MOST_OWNERS) {
            LastingArrays.forget(CLAIMS);
            known.clear();
        }
        int[] owners = new int[order.size()];
        for (int place = 0; place < owners.length; place++) {
            int next = known.size();
            owners[place] = known.computeIfAbsent(order.get(place).toString(), absent -> next);
        }
        return owners;
    }

    /** Returns how many places the order has. */
    int exporters() {
        return order.size();
    }

    /** Returns the place of an exporter in the order, or {@link #NOT_IN_ORDER}. */
    int preference(Exporter exporter) {
        for (int place = 0; place < order.size(); place++) {
            if (order.get(place).contains(exporter.addressHigh(), exporter.addressLow())) {
                return place;
            }
        }
        return NOT_IN_ORDER;
    }

    /** Judges the rows of an exporter that the order names. */
    void judge(FlowBatch batch, int span, int preference) {
        long realm = number(batch.exporter(span).realm());
        boolean isTranslated = batch.matchAddress(span) == MatchAddress.POST_NAT;
        for (int row = batch.firstRow(span), end = batch.endRow(span); row < end; row++) {
            if (!batch.isCounted(row) || !batch.has(row, NEEDED) || batch.hasAny(row, PREFIXES)) {
                continue;
            }
            if (batch.samplingRate(row) > 1) {
                tellOfSampling(batch, span);
                continue;
            }
            name(batch, row, realm, isTranslated);
            if (!claims.claim(owners[preference], batch.startMillis(row), batch.endMillis(row))) {
                batch.judge(row, Verdict.DUPLICATE);
            }
        }
        tellOfBound(batch.receivedAtMillis(span));
    }

    /** Returns 64 bits for a realm (FNV-1a): of the 32 that a text has in Java, short names such as Aa and BB share theirs. */
    private static long number(String realm) {
        long number = FNV_BASIS;
        for (int at = 0; at < realm.length(); at++) {
            number = (number ^ realm.charAt(at)) * FNV_PRIME;
        }
        return number;
    }

    private void name(FlowBatch batch, int row, long realm, boolean isTranslated) {
        int protocol = batch.protocol(row);
        // Exporters put type and code of ICMP into one port, the other, or none.
        boolean hasPorts = protocol != ICMP && protocol != ICMP_V6;
        boolean hasOtherPorts = isTranslated && batch.has(row, FlowField.NAT_PORTS);
        claims.flow(
                realm,
                isTranslated ? batch.postNatSourceHigh(row) : batch.sourceHigh(row),
                isTranslated ? batch.postNatSourceLow(row) : batch.sourceLow(row),
                isTranslated ? batch.postNatDestinationHigh(row) : batch.destinationHigh(row),
                isTranslated ? batch.postNatDestinationLow(row) : batch.destinationLow(row),
                !hasPorts ? 0 : hasOtherPorts ? batch.natSourcePort(row) : batch.sourcePort(row),
                !hasPorts ? 0 : hasOtherPorts ? batch.natDestinationPort(row) : batch.destinationPort(row),
                protocol);
    }

    private void tellOfSampling(FlowBatch batch, int span) {
        long now = batch.receivedAtMillis(span);
        if (now >= quietUntil) {
            quietUntil = now + HOUR_MILLIS;
            Exporter exporter = batch.exporter(span);
            events.tell(
                    now,
                    HOUR_MILLIS,
                    "sampled-preference",
                    "exporter=" + exporter.sender() + ", realm=" + exporter.realm(),
                    "the exporter samples, so that nobody can tell which of its flows others saw too: they all count; take"
                            + " it out of exporter.preference and use a counting.rule");
        }
    }

    private void tellOfBound(long now) {
        long given = givenUp.value();
        if (given > 0 && now >= quietGivenUp) {
            quietGivenUp = now + HOUR_MILLIS;
            events.tell(
                    now,
                    HOUR_MILLIS,
                    "duplicate-bound",
                    "key=duplicate.flows",
                    "more flows at a time than duplicate.flows, some may have counted twice: claimsGivenUp=" + given);
        }
    }
}
