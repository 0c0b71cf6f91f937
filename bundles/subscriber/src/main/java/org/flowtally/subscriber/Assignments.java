// SPDX-License-Identifier: Apache-2.0
package org.flowtally.subscriber;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flowtally.api.subscriber.SubscriberRegistry;
import org.flowtally.api.subscriber.Subscribers;
import org.flowtally.lib.lookup.Address;
import org.flowtally.lib.lookup.Prefix;
import org.flowtally.lib.lookup.PrefixTable;

/**
 * One consistent state of the assignments, compiled for look-ups: for each realm a table from prefix to timeline, in which
 * everything that a prefix inherits from the prefixes around it is already painted. Immutable.
 */
final class Assignments implements Subscribers {
    /** A timeline whose holder is not the same for all the time that is usually asked for. */
    private static final int ASK = FIRST_TIMELINE;

    private final SubscriberRegistry registry;
    private final Map<String, PrefixTable> realms;
    private final PrefixTable homeOnly;
    private final Timelines timelines;
    private final long settledMillis;
    private final int[] settledHolder;
    private final long conflicts;

    private Assignments(
            SubscriberRegistry registry,
            Map<String, PrefixTable> realms,
            PrefixTable homeOnly,
            Timelines timelines,
            long settledMillis,
            long conflicts) {
        this.registry = registry;
        this.realms = realms;
        this.homeOnly = homeOnly;
        this.timelines = timelines;
        this.settledMillis = settledMillis;
        this.settledHolder = new int[timelines.size()];
        this.conflicts = conflicts;
        for (int timeline = 0; timeline < settledHolder.length; timeline++) {
            settledHolder[timeline] = timelines.holderEverSince(timeline, settledMillis, ASK);
        }
    }

    /**
     * Compiles assignments.
     *
     * @param registry the subscribers behind the ids
     * @param sorted the assignments in their order
     * @param homeNetworks the operator's own prefixes, each once, in their order; the same in every realm
     * @param settledMillis an instant which most flows begin after: holders that stay the same from then on are found
     *     fastest; flows of any other time are answered as exactly
     */
    static Assignments of(
            SubscriberRegistry registry, List<Assignment> sorted, List<Prefix> homeNetworks, long settledMillis) {
        Builder builder = new Builder(homeNetworks);
        Map<String, PrefixTable> realms = new HashMap<>();
        int from = 0;
        for (int to = 1; to <= sorted.size(); to++) {
            String realm = sorted.get(from).realm();
            if (to == sorted.size() || !realm.equals(sorted.get(to).realm())) {
                realms.put(realm, builder.realm(sorted.subList(from, to)));
                from = to;
            }
        }
        PrefixTable homeOnly = builder.realm(List.of());
        return new Assignments(registry, realms, homeOnly, builder.timelines.build(), settledMillis, builder.conflicts);
    }

    /** Returns the table of a realm, to be used with {@link #holder}. */
    PrefixTable table(String realm) {
        PrefixTable table = realms.get(realm);
        return table != null ? table : homeOnly;
    }

    /** Returns the column value of an address during a flow: an id, a sentinel or a timeline. */
    int holder(PrefixTable table, long high, long low, long startMillis, long endMillis) {
        int timeline = table.find(high, low);
        if (timeline == PrefixTable.NOT_FOUND) {
            return NO_SUBSCRIBER;
        }
        int settled = settledHolder[timeline];
        return settled != ASK && startMillis >= settledMillis ? settled : ask(timeline, startMillis, endMillis);
    }

    /**
     * Returns the column value of all addresses of an IPv4 prefix during a flow: an id or a timeline if one and the same
     * subscriber held every one of them, otherwise {@link #NO_SUBSCRIBER}.
     */
    int holderOfAll(PrefixTable table, int first, int last, long startMillis, long endMillis) {
        int holder = holder(table, 0, Address.lowOfIpv4(first), startMillis, endMillis);
        int address = first;
        while (holder != NO_SUBSCRIBER && holder != UNMATCHED_HOME) {
            int blockEnd = table.blockEndIpv4(address);
            if (Integer.compareUnsigned(blockEnd, last) >= 0) {
                return holder;
            }
            address = blockEnd + 1;
            if (holder(table, 0, Address.lowOfIpv4(address), startMillis, endMillis) != holder) {
                return NO_SUBSCRIBER;
            }
        }
        return NO_SUBSCRIBER;
    }

    private int ask(int timeline, long startMillis, long endMillis) {
        // A flow that ends at the very instant of the hand-over moved everything before it.
        return timelines.changeAfter(timeline, startMillis) < endMillis
                ? FIRST_TIMELINE - timeline
                : timelines.holderAt(timeline, startMillis);
    }

    @Override
    public SubscriberRegistry registry() {
        return registry;
    }

    @Override
    public int holderAt(int timeline, long millis) {
        return timelines.holderAt(FIRST_TIMELINE - timeline, millis);
    }

    @Override
    public long handoverAfter(int timeline, long millis) {
        return timelines.changeAfter(FIRST_TIMELINE - timeline, millis);
    }

    long conflicts() {
        return conflicts;
    }

    long memoryOctets() {
        long octets = timelines.memoryOctets() + 4L * settledHolder.length + homeOnly.memoryOctets();
        for (PrefixTable table : realms.values()) {
            octets += table.memoryOctets();
        }
        return octets;
    }

    /** One pass over sorted prefixes, with the prefixes around the current one on a stack. */
    private static final class Builder {
        private static final int MOST_NESTED = 130;

        private final List<Prefix> homeNetworks;
        private final Timelines.Builder timelines = new Timelines.Builder();
        private final Prefix[] around = new Prefix[MOST_NESTED];
        private final int[] timelineAround = new int[MOST_NESTED];
        private int depth;
        private long conflicts;

        Builder(List<Prefix> homeNetworks) {
            this.homeNetworks = homeNetworks;
        }

        PrefixTable realm(List<Assignment> sorted) {
            PrefixTable.Builder table = PrefixTable.builder();
            depth = 0;
            int home = 0;
            int from = 0;
            while (from < sorted.size() || home < homeNetworks.size()) {
                boolean isHome = home < homeNetworks.size()
                        && (from == sorted.size()
                                || homeNetworks
                                                .get(home)
                                                .compareTo(sorted.get(from).prefix())
                                        <= 0);
                Prefix prefix =
                        isHome ? homeNetworks.get(home++) : sorted.get(from).prefix();
                int to = from;
                while (to < sorted.size() && sorted.get(to).prefix().equals(prefix)) {
                    to++;
                }
                table.put(prefix, timeline(prefix, isHome, sorted.subList(from, to)));
                from = to;
            }
            return table.build();
        }

        private int timeline(Prefix prefix, boolean isHome, List<Assignment> own) {
            while (depth > 0 && !around[depth - 1].contains(prefix)) {
                depth--;
            }
            if (depth == 0) {
                timelines.begin(isHome ? UNMATCHED_HOME : NO_SUBSCRIBER);
            } else {
                timelines.beginLike(timelineAround[depth - 1], NO_SUBSCRIBER, isHome ? UNMATCHED_HOME : NO_SUBSCRIBER);
            }
            // In the order of their start, so that of two that overlap the later one wins.
            for (Assignment assignment : own) {
                timelines.paint(assignment.fromMillis(), assignment.toMillis(), assignment.subscriber());
            }
            conflicts += conflicts(own);
            int timeline = timelines.end();
            around[depth] = prefix;
            timelineAround[depth] = timeline;
            depth++;
            return timeline;
        }

        /** Returns how many assignments begin while another subscriber still holds the same prefix. */
        private static int conflicts(List<Assignment> own) {
            int conflicts = 0;
            int holder = Subscribers.NO_SUBSCRIBER; // Who holds the prefix for longest, and until when;
            long heldUntil = Long.MIN_VALUE;
            long heldByOthersUntil = Long.MIN_VALUE; // and until when anybody else does.
            for (Assignment assignment : own) {
                boolean isHolder = assignment.subscriber() == holder;
                if (assignment.fromMillis() < (isHolder ? heldByOthersUntil : heldUntil)) {
                    conflicts++;
                }
                if (isHolder) {
                    heldUntil = Math.max(heldUntil, assignment.toMillis());
                } else if (assignment.toMillis() > heldUntil) {
                    heldByOthersUntil = heldUntil;
                    holder = assignment.subscriber();
                    heldUntil = assignment.toMillis();
                } else {
                    heldByOthersUntil = Math.max(heldByOthersUntil, assignment.toMillis());
                }
            }
            return conflicts;
        }
    }
}
