// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.page;

import java.nio.BufferUnderflowException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.usage.ExporterTotal;
import org.flowtally.api.usage.PageId;
import org.flowtally.api.usage.UnmatchedTotal;
import org.flowtally.api.usage.UsagePage;
import org.flowtally.api.usage.UsageTotal;
import org.flowtally.api.usage.VerdictTotal;

/**
 * The octets of a page file, version 3. Numbers in the frame are big-endian; a {@code number} in the body is an unsigned
 * 64-bit one in groups of seven bits, least significant first, the top bit of an octet saying that another follows. A
 * {@code text} is a number that refers to the texts, counted from 0 in the order of their first use.
 *
 * <pre>
 *  0               4       6
 * +---------------+-------+- - - - - - - - - - - - - - - - - - - - - -+---------------+
 * | "FTPG"        |   3   | body                                      | CRC-32C       |
 * +---------------+-------+- - - - - - - - - - - - - - - - - - - - - -+---------------+
 *
 * body      = collector, run, sequence, sealed at, texts, usage, unmatched, exporters
 * collector = number of octets, UTF-8
 * run, sequence, sealed at = number each
 * texts     = count, { number of octets, UTF-8 }
 * usage     = count, { account, service, class : text; bucket; bytes in, out; packets in, out; flows; quality }
 * unmatched = count, { realm : text; address high, low; bucket; bytes in, out; packets in, out; flows; quality }
 * exporters = count, { endpoint, realm : text; address high, low; version; domain; port; bucket; datagrams; rows;
 *                      lost; damaged; octets, counted, discarded, unmatched; verdicts }
 * verdicts  = count, { verdict : text; rows; octets }
 * bucket    = number: 0 as in the entry before, else the bucket's start in milliseconds + 1
 * </pre>
 *
 * The check covers everything before it. Pages of version 2, which have no verdicts, are read too: they may have waited for the
 * database while the release changed.
 */
final class PageFormat {
    static final int VERSION = 3;
    static final int WITHOUT_VERDICTS = 2;
    static final int FRAME_OCTETS = 10;

    private static final int MAGIC = 0x46545047; // "FTPG"
    private static final int HEADER_OCTETS = 6;
    private static final int CHECK_OCTETS = 4;
    private static final int MIN_USAGE_OCTETS = 10;
    private static final int MIN_UNMATCHED_OCTETS = 10;
    private static final int MIN_EXPORTER_OCTETS = 16;
    private static final int MIN_VERDICT_OCTETS = 3;

    private PageFormat() {}

    /** Returns the octets of a page. */
    static OctetWriter write(UsagePage page) {
        OctetWriter body = new OctetWriter(64 + 32 * page.usage().size());
        TextIndex texts = new TextIndex();
        writeUsage(body, texts, page.usage());
        writeUnmatched(body, texts, page.unmatched());
        writeExporters(body, texts, page.exporters());

        OctetWriter octets = new OctetWriter(body.size() + 16 * texts.size() + 256);
        octets.putInt(MAGIC);
        octets.putShort(VERSION);
        octets.putText(page.id().collectorId());
        octets.putNumber(page.id().runId());
        octets.putNumber(page.id().sequence());
        octets.putNumber(page.sealedAtMillis());
        texts.write(octets);
        octets.putAll(body);
        octets.putInt((int) check(octets.octets(), octets.size()));
        return octets;
    }

    /** Returns the page that the octets hold, or what is wrong with them. */
    static PageOutcome read(byte[] octets) {
        if (octets.length < FRAME_OCTETS) {
            return new PageOutcome.Damaged("octets=%d, least=%d".formatted(octets.length, FRAME_OCTETS));
        }
        OctetReader frame = new OctetReader(octets, 0, octets.length);
        int magic = frame.getInt();
        int version = frame.getShort();
        int end = octets.length - CHECK_OCTETS;
        int written = new OctetReader(octets, end, octets.length).getInt();
        int computed = (int) check(octets, end);
        if (magic != MAGIC || written != computed) {
            return new PageOutcome.Damaged("octets=%d, magic=%08x, checkWritten=%08x, checkComputed=%08x"
                    .formatted(octets.length, magic, written, computed));
        }
        if (version != VERSION && version != WITHOUT_VERDICTS) {
            return new PageOutcome.Damaged("formatVersion=%d, supported=%d".formatted(version, VERSION));
        }
        try {
            OctetReader body = new OctetReader(octets, HEADER_OCTETS, end);
            UsagePage page = readBody(body, version);
            return body.remaining() == 0
                    ? new PageOutcome.Whole(page)
                    : new PageOutcome.Damaged("octetsLeft=%d".formatted(body.remaining()));
        } catch (BufferUnderflowException | IndexOutOfBoundsException contradiction) {
            return new PageOutcome.Damaged("octets=%d, the counts disagree with the content".formatted(octets.length));
        }
    }

    private static UsagePage readBody(OctetReader octets, int version) {
        String collector = octets.getText();
        PageId id = new PageId(collector, octets.getNumber(), octets.getNumber());
        long sealedAtMillis = octets.getNumber();
        String[] texts = new String[octets.getCount(1)];
        for (int text = 0; text < texts.length; text++) {
            texts[text] = octets.getText();
        }
        return new UsagePage(
                id,
                sealedAtMillis,
                readUsage(octets, texts),
                readUnmatched(octets, texts),
                readExporters(octets, texts, version));
    }

    private static void writeUsage(OctetWriter octets, TextIndex texts, List<UsageTotal> entries) {
        octets.putNumber(entries.size());
        long bucketBefore = -1;
        for (UsageTotal entry : entries) {
            octets.putNumber(texts.number(entry.accountId()));
            octets.putNumber(texts.number(entry.serviceId()));
            octets.putNumber(texts.number(entry.trafficClass()));
            octets.putNumber(entry.bucketStartMillis() == bucketBefore ? 0 : entry.bucketStartMillis() + 1);
            octets.putNumber(entry.bytesIn());
            octets.putNumber(entry.bytesOut());
            octets.putNumber(entry.packetsIn());
            octets.putNumber(entry.packetsOut());
            octets.putNumber(entry.flows());
            octets.putNumber(entry.quality());
            bucketBefore = entry.bucketStartMillis();
        }
    }

    private static List<UsageTotal> readUsage(OctetReader octets, String[] texts) {
        int count = octets.getCount(MIN_USAGE_OCTETS);
        List<UsageTotal> entries = new ArrayList<>(count);
        long bucket = -1;
        for (int entry = 0; entry < count; entry++) {
            String account = texts[(int) octets.getNumber()];
            String service = texts[(int) octets.getNumber()];
            String trafficClass = texts[(int) octets.getNumber()];
            bucket = octets.getBucket(bucket);
            entries.add(new UsageTotal(
                    account,
                    service,
                    trafficClass,
                    bucket,
                    octets.getNumber(),
                    octets.getNumber(),
                    octets.getNumber(),
                    octets.getNumber(),
                    octets.getNumber(),
                    (int) octets.getNumber()));
        }
        return entries;
    }

    private static void writeUnmatched(OctetWriter octets, TextIndex texts, List<UnmatchedTotal> entries) {
        octets.putNumber(entries.size());
        long bucketBefore = -1;
        for (UnmatchedTotal entry : entries) {
            octets.putNumber(texts.number(entry.realm()));
            octets.putNumber(entry.addressHigh());
            octets.putNumber(entry.addressLow());
            octets.putNumber(entry.bucketStartMillis() == bucketBefore ? 0 : entry.bucketStartMillis() + 1);
            octets.putNumber(entry.bytesIn());
            octets.putNumber(entry.bytesOut());
            octets.putNumber(entry.packetsIn());
            octets.putNumber(entry.packetsOut());
            octets.putNumber(entry.flows());
            octets.putNumber(entry.quality());
            bucketBefore = entry.bucketStartMillis();
        }
    }

    private static List<UnmatchedTotal> readUnmatched(OctetReader octets, String[] texts) {
        int count = octets.getCount(MIN_UNMATCHED_OCTETS);
        List<UnmatchedTotal> entries = new ArrayList<>(count);
        long bucket = -1;
        for (int entry = 0; entry < count; entry++) {
            String realm = texts[(int) octets.getNumber()];
            long addressHigh = octets.getNumber();
            long addressLow = octets.getNumber();
            bucket = octets.getBucket(bucket);
            entries.add(new UnmatchedTotal(
                    realm,
                    addressHigh,
                    addressLow,
                    bucket,
                    octets.getNumber(),
                    octets.getNumber(),
                    octets.getNumber(),
                    octets.getNumber(),
                    octets.getNumber(),
                    (int) octets.getNumber()));
        }
        return entries;
    }

    private static void writeExporters(OctetWriter octets, TextIndex texts, List<ExporterTotal> entries) {
        octets.putNumber(entries.size());
        long bucketBefore = -1;
        for (ExporterTotal entry : entries) {
            Exporter exporter = entry.exporter();
            octets.putNumber(texts.number(exporter.endpoint()));
            octets.putNumber(texts.number(exporter.realm()));
            octets.putNumber(exporter.addressHigh());
            octets.putNumber(exporter.addressLow());
            octets.putNumber(exporter.version());
            octets.putNumber(exporter.domain());
            octets.putNumber(exporter.port());
            octets.putNumber(entry.bucketStartMillis() == bucketBefore ? 0 : entry.bucketStartMillis() + 1);
            octets.putNumber(entry.datagrams());
            octets.putNumber(entry.rows());
            octets.putNumber(entry.lost());
            octets.putNumber(entry.damaged());
            octets.putNumber(entry.octets());
            octets.putNumber(entry.octetsCounted());
            octets.putNumber(entry.octetsDiscarded());
            octets.putNumber(entry.octetsUnmatched());
            writeVerdicts(octets, texts, entry.verdicts());
            bucketBefore = entry.bucketStartMillis();
        }
    }

    private static List<ExporterTotal> readExporters(OctetReader octets, String[] texts, int version) {
        int count = octets.getCount(MIN_EXPORTER_OCTETS);
        List<ExporterTotal> entries = new ArrayList<>(count);
        long bucket = -1;
        for (int entry = 0; entry < count; entry++) {
            Exporter exporter = new Exporter(
                    texts[(int) octets.getNumber()],
                    texts[(int) octets.getNumber()],
                    octets.getNumber(),
                    octets.getNumber(),
                    (int) octets.getNumber(),
                    octets.getNumber(),
                    (int) octets.getNumber());
            bucket = octets.getBucket(bucket);
            entries.add(new ExporterTotal(
                    exporter,
                    bucket,
                    octets.getNumber(),
                    octets.getNumber(),
                    octets.getNumber(),
                    octets.getNumber(),
                    octets.getNumber(),
                    octets.getNumber(),
                    octets.getNumber(),
                    octets.getNumber(),
                    version == WITHOUT_VERDICTS ? List.of() : readVerdicts(octets, texts)));
        }
        return entries;
    }

    private static void writeVerdicts(OctetWriter octets, TextIndex texts, List<VerdictTotal> entries) {
        octets.putNumber(entries.size());
        for (VerdictTotal entry : entries) {
            octets.putNumber(texts.number(entry.verdict()));
            octets.putNumber(entry.rows());
            octets.putNumber(entry.octets());
        }
    }

    private static List<VerdictTotal> readVerdicts(OctetReader octets, String[] texts) {
        int count = octets.getCount(MIN_VERDICT_OCTETS);
        List<VerdictTotal> entries = new ArrayList<>(count);
        for (int entry = 0; entry < count; entry++) {
            entries.add(new VerdictTotal(texts[(int) octets.getNumber()], octets.getNumber(), octets.getNumber()));
        }
        return entries;
    }

    private static long check(byte[] octets, int length) {
        CRC32C check = new CRC32C();
        check.update(octets, 0, length);
        return check.getValue();
    }
}
