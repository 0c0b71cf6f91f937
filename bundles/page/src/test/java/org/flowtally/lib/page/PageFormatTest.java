// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.usage.ExporterTotal;
import org.flowtally.api.usage.PageId;
import org.flowtally.api.usage.UnmatchedTotal;
import org.flowtally.api.usage.UsagePage;
import org.flowtally.api.usage.UsageTotal;
import org.flowtally.api.usage.VerdictTotal;
import org.junit.jupiter.api.Test;

class PageFormatTest {
    private static final UsagePage PAGE = new UsagePage(
            new PageId("collector-1", 1_800_000_000_000_123L, 7),
            1_790_000_000_123L,
            List.of(
                    new UsageTotal("a", "", "", 1_790_000_000_000L, 1, 2, 3, 4, 5, 6),
                    new UsageTotal(
                            "žluťoučký", "line 2", "night", 1_790_000_000_000L, -1, Long.MIN_VALUE, 0, 0, 0, -1)),
            List.of(new UnmatchedTotal("site b", 0, 0xffff_0a00_0001L, 1_790_000_000_000L, 1, 2, 3, 4, 5, 0)),
            List.of(new ExporterTotal(
                    new Exporter("default", "", 1, 2, 5, 257, 4739),
                    1_790_000_000_000L,
                    1,
                    30,
                    2,
                    0,
                    9,
                    8,
                    7,
                    6,
                    List.of(new VerdictTotal("COUNTED", 20, -1), new VerdictTotal("of another release", 10, 1)))));

    @Test
    void keepsEveryFieldOfAPage() {
        PageOutcome outcome = PageFormat.read(octets(PAGE));

        assertThat(outcome).isEqualTo(new PageOutcome.Whole(PAGE));
    }

    @Test
    void readsAPageOfTheVersionBeforeWhichHasNoVerdicts() {
        ExporterTotal exporter = new ExporterTotal(
                new Exporter("default", "", 1, 2, 5, 257, 0), 1_790_000_000_000L, 1, 30, 2, 0, 9, 8, 7, 6, List.of());
        UsagePage page = new UsagePage(PAGE.id(), PAGE.sealedAtMillis(), PAGE.usage(), List.of(), List.of(exporter));
        byte[] now = octets(page);
        byte[] before = Arrays.copyOf(now, now.length - 1); // What comes last in the body is the number of verdicts.
        before[5] = PageFormat.WITHOUT_VERDICTS;
        check(before);

        assertThat(PageFormat.read(before)).isEqualTo(new PageOutcome.Whole(page));
        before[5] = PageFormat.WITHOUT_VERDICTS - 1;
        check(before);
        assertThat(PageFormat.read(before)).isInstanceOf(PageOutcome.Damaged.class);
    }

    @Test
    void callsATruncatedPageDamagedWhereverItEnds() {
        byte[] octets = octets(PAGE);

        for (int length = 0; length < octets.length; length++) {
            assertThat(PageFormat.read(Arrays.copyOf(octets, length))).isInstanceOf(PageOutcome.Damaged.class);
        }
    }

    @Test
    void callsAPageWithAnyBitFlippedOrAnOctetTooManyDamaged() {
        byte[] octets = octets(PAGE);

        for (int bit = 0; bit < octets.length * 8; bit++) {
            byte[] flipped = octets.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(PageFormat.read(flipped)).isInstanceOf(PageOutcome.Damaged.class);
        }
        assertThat(PageFormat.read(Arrays.copyOf(octets, octets.length + 1))).isInstanceOf(PageOutcome.Damaged.class);
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.MIXIN)
    void returnsWhatWasWritten(@ForAll("pages") UsagePage page) {
        assertThat(PageFormat.read(octets(page))).isEqualTo(new PageOutcome.Whole(page));
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.MIXIN)
    void neverThrowsForRandomOctets(@ForAll byte[] octets) {
        assertThat(PageFormat.read(octets)).isInstanceOf(PageOutcome.Damaged.class);
    }

    /** The check is right here, so that the parser itself meets the nonsense. */
    @Property(tries = 1000, edgeCases = EdgeCasesMode.MIXIN)
    void neverThrowsForAWellCheckedPageWithNonsenseInside(@ForAll byte[] nonsense, @ForAll("pages") UsagePage page) {
        byte[] octets = octets(page);
        int start = 6 + Math.floorMod(Arrays.hashCode(nonsense), octets.length - 10);
        System.arraycopy(nonsense, 0, octets, start, Math.min(nonsense.length, octets.length - 4 - start));
        check(octets);

        assertThat(PageFormat.read(octets)).isNotNull();
    }

    @Provide
    Arbitrary<UsagePage> pages() {
        Arbitrary<String> texts =
                Arbitraries.strings().alpha().numeric().withChars("ž-./ '\\\"").ofMaxLength(12);
        Arbitrary<Long> numbers = Arbitraries.longs();
        Arbitrary<Long> buckets = Arbitraries.longs().between(0, 3).map(hour -> hour * 3_600_000L);
        Arbitrary<long[]> counters = numbers.array(long[].class).ofSize(8);
        Arbitrary<UsageTotal> usage = Combinators.combine(
                        texts, texts, texts, buckets, counters, Arbitraries.integers())
                .as((account, service, trafficClass, bucket, c, quality) ->
                        new UsageTotal(account, service, trafficClass, bucket, c[0], c[1], c[2], c[3], c[4], quality));
        Arbitrary<UnmatchedTotal> unmatched = Combinators.combine(texts, buckets, counters, Arbitraries.integers())
                .as((realm, bucket, c, quality) ->
                        new UnmatchedTotal(realm, c[0], c[1], bucket, c[2], c[3], c[4], c[5], c[6], quality));
        Arbitrary<VerdictTotal> verdicts =
                Combinators.combine(texts, numbers, numbers).as(VerdictTotal::new);
        Arbitrary<ExporterTotal> exporters = Combinators.combine(
                        texts,
                        texts,
                        buckets,
                        counters,
                        counters,
                        verdicts.list().ofMaxSize(4))
                .as((endpoint, realm, bucket, c, d, v) -> new ExporterTotal(
                        new Exporter(endpoint, realm, d[0], d[1], (int) d[2], d[3], (int) d[4] & 0xFFFF),
                        bucket,
                        c[0],
                        c[1],
                        c[2],
                        c[3],
                        c[4],
                        c[5],
                        c[6],
                        c[7],
                        v));
        return Combinators.combine(texts, numbers, numbers, numbers, usage.list(), unmatched.list(), exporters.list())
                .as((collector, run, sequence, sealedAt, u, n, e) ->
                        new UsagePage(new PageId(collector, run, sequence), sealedAt, u, n, e));
    }

    private static void check(byte[] octets) {
        CRC32C check = new CRC32C();
        check.update(octets, 0, octets.length - 4);
        ByteBuffer.wrap(octets).putInt(octets.length - 4, (int) check.getValue());
    }

    private static byte[] octets(UsagePage page) {
        OctetWriter octets = PageFormat.write(page);
        return Arrays.copyOf(octets.octets(), octets.size());
    }
}
