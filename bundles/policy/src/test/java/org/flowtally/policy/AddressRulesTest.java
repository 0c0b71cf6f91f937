// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.MatchAddress;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.flowtally.api.flow.Verdict;
import org.flowtally.lib.lookup.Prefix;

/** Whitelist and classes together, as a reader of the guide would judge them row by row. */
class AddressRulesTest {
    private static final Exporter EXPORTER = new Exporter("edge", "", 0, 0xFFFF_C000_0201L, 9, 0);
    private static final List<MatchAddress> MATCHES = List.of(MatchAddress.values());
    private static final int ROWS = 700;
    private static final long NET = 0xFFFF_0A00_0000L;

    private final List<TrafficClass> classes = new ArrayList<>();
    private final List<String> expected = new ArrayList<>();

    @Property(tries = 200)
    void judgeAndClassifyEachRowAsItsListsSay(@ForAll long seed) {
        Random random = new Random(seed);
        classes.clear();
        expected.clear();
        for (String name : List.of("cdn", "own", "voice").subList(0, random.nextInt(4))) {
            Set<String> realms = random.nextBoolean() ? Set.of() : Set.of("brno");
            classes.add(new TrafficClass(name, realms, prefixes(random), Optional.empty()));
        }
        List<Endpoint> endpoints = Stream.of("", "brno", "brno", "praha")
                .map(realm ->
                        Endpoints.listing("edge" + random.nextInt(3), realm, random.nextBoolean(), prefixes(random)))
                .toList();
        FlowBatch batch = new FlowBatch(ROWS);
        for (int row = 0; row < ROWS; row++) {
            if (row == 0 || random.nextInt(20) == 0) {
                batch.beginSpan(endpoints.get(random.nextInt(4)), EXPORTER, 0, 0, 0);
                batch.matchAddress(batch.spans() - 1, MATCHES.get(random.nextInt(3)));
            }
            fill(batch, random);
            if (random.nextInt(9) == 0) {
                batch.judge(row, Verdict.TOO_OLD);
            }
        }
        for (int span = 0; span < batch.spans(); span++) {
            for (int row = batch.firstRow(span); row < batch.endRow(span); row++) {
                expected.add(expected(batch, span, row));
            }
        }

        new AddressRules().apply(batch, new AddressTables(ClassTable.of(classes), List.of()));

        for (int row = 0; row < ROWS; row++) {
            assertThat(found(batch, row)).as("row %d", row).isEqualTo(expected.get(row));
        }
    }

    private static void fill(FlowBatch batch, Random random) {
        long aggregate = FlowField.ADDRESSES | FlowField.DESTINATION_IS_PREFIX | FlowField.PREFIX_LENGTHS;
        long fields = switch (random.nextInt(7)) {
            case 0 -> FlowField.SOURCE_ADDRESS;
            case 1 -> aggregate;
            case 2 -> aggregate | FlowField.NAT_ADDRESSES;
            case 3, 4 -> FlowField.ADDRESSES | FlowField.NAT_ADDRESSES;
            default -> FlowField.ADDRESSES;
        };
        int row = batch.claim(fields);
        batch.addresses(row, 0, low(random), 0, low(random) & ~3);
        batch.prefixLengths(row, 32, 30);
        batch.natSource(row, 0, random.nextInt(3) == 0 ? 0 : low(random));
        batch.natDestination(row, 0, low(random));
    }

    private String expected(FlowBatch batch, int span, int row) {
        if (!batch.isCounted(row)) {
            return batch.verdict(row) + " /";
        }
        Endpoint endpoint = batch.endpoint(span);
        if (endpoint.whitelistMode() && !isListed(batch, row, batch.matchAddress(span), endpoint.whitelistSubnets())) {
            return Verdict.OUTSIDE_WHITELIST.toString();
        }
        if (!batch.has(row, FlowField.ADDRESSES)) {
            return Verdict.COUNTED + " /";
        }
        boolean isTranslated = batch.matchAddress(span) == MatchAddress.POST_NAT;
        return Verdict.COUNTED + " "
                + nameOf(isTranslated ? batch.postNatSourceLow(row) : batch.sourceLow(row), endpoint.realm()) + "/"
                + nameOf(isTranslated ? batch.postNatDestinationLow(row) : batch.destinationLow(row), endpoint.realm());
    }

    private static boolean isListed(FlowBatch batch, int row, MatchAddress match, List<Prefix> whitelist) {
        if (!batch.has(row, FlowField.ADDRESSES)) {
            return isIn(whitelist, batch.sourceLow(row));
        }
        if (batch.has(row, FlowField.DESTINATION_IS_PREFIX)) {
            return isIn(whitelist, batch.sourceLow(row))
                    || Stream.of(0, 1, 2, 3).allMatch(host -> isIn(whitelist, batch.destinationLow(row) + host));
        }
        boolean isOriginal = isIn(whitelist, batch.sourceLow(row)) || isIn(whitelist, batch.destinationLow(row));
        boolean isPostNat =
                isIn(whitelist, batch.postNatSourceLow(row)) || isIn(whitelist, batch.postNatDestinationLow(row));
        return switch (match) {
            case ORIGINAL -> isOriginal;
            case POST_NAT -> isPostNat;
            case EITHER -> isOriginal || isPostNat;
        };
    }

    private static boolean isIn(List<Prefix> prefixes, long low) {
        return prefixes.stream().anyMatch(prefix -> prefix.contains(0, low));
    }

    private String nameOf(long low, String realm) {
        record Candidate(int length, String name) {}
        return classes.stream()
                .filter(given -> given.isIn(realm))
                .flatMap(given -> given.prefixes().stream()
                        .filter(prefix -> prefix.contains(0, low))
                        .map(prefix -> new Candidate(prefix.length(), given.name())))
                .min(Comparator.comparing(Candidate::length).reversed().thenComparing(Candidate::name))
                .map(Candidate::name)
                .orElse("");
    }

    private static String found(FlowBatch batch, int row) {
        return batch.verdict(row) == Verdict.OUTSIDE_WHITELIST
                ? Verdict.OUTSIDE_WHITELIST.toString()
                : batch.verdict(row) + " "
                        + batch.trafficClasses().nameAt(batch.sourceClass(row), 0) + "/"
                        + batch.trafficClasses().nameAt(batch.destinationClass(row), 0);
    }

    private static List<Prefix> prefixes(Random random) {
        return Stream.generate(() -> Prefix.covering(0, low(random), 128 - random.nextInt(6)))
                .limit(random.nextInt(8))
                .toList();
    }

    private static long low(Random random) {
        return NET + random.nextInt(64);
    }
}
