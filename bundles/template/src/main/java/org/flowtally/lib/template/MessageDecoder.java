// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import org.flowtally.api.datagram.Datagram;
import org.flowtally.api.datagram.Octets;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.decode.ExporterState;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.Verdict;

/**
 * Decodes what stands behind the header of a v9 or IPFIX message: sets of templates, options and data, in any order.
 *
 * <p>A message is gone through three times before its first row, set by set, which costs little: its framing must be right,
 * or nothing of it is believed; then templates are learned and records counted; then options are read and data without a
 * template is put aside. After its own rows come those of data that had waited for one of its templates.
 *
 * <p>Keeps nothing from one message to the next but the room it works in. Called by one thread at a time.
 */
public final class MessageDecoder {
    private static final int SET_HEADER_OCTETS = 4;
    private static final int LENGTH = 2;
    /** What {@link #setLength} answers where the sets end. */
    private static final int NO_MORE = 0;
    /** What {@link #setLength} answers for a set that is shorter than its own header. */
    private static final int TOO_SHORT = -1;
    /** What {@link #setLength} answers for a set that runs past the message. */
    private static final int TOO_LONG = -2;

    /** The resume cursor: where the next record begins, and in the lowest bits how many of its rows are claimed. */
    private static final int ROW_BITS = 14;

    /** The rows that one record can become, with all flows in its lists. */
    private static final int MOST_ROWS = (1 << ROW_BITS) - 1;
    /** How deep lists in lists are looked into. */
    private static final int MOST_DEPTH = 4;

    /** The padding that brings a set to a multiple of four octets. */
    private static final int MOST_PADDING = 3;

    private static final int SEMANTIC_OCTETS = 1;
    /** The semantic of a list of what is not so, RFC 6313 §4.4.1. */
    private static final int NONE_OF = 0;

    private static final int ENTERPRISE_BIT = 0x8000;
    private static final int TOO_LONG_FOR_ANY = 1 << 16;
    private static final long U32 = 0xFFFF_FFFFL;

    private final Dialect dialect;
    private final Scratch scratch = new Scratch();
    private final Sampler sampler = new Sampler();
    private int templateRecords; // Those of the message that was gone through last.
    private int rowsOfRecord; // Those in a batch already; beside the position that append() returns.
    private int rowsOffered; // Those of the record under way that came up so far.
    private int brokenLists; // Those of the record under way.
    private int unreadLists;
    private boolean isRoomUsed; // Where the fields of the record around a list begin is no longer known.

    /** Makes a decoder of the messages of one version. */
    public MessageDecoder(Dialect dialect) {
        this.dialect = dialect;
    }

    /**
     * Decodes a message, or goes on with it.
     *
     * @param firstSet the octets of the message header
     * @param exportMillis the export time in the header, milliseconds since 1970
     * @param uptimeMillis the uptime in the header, or {@link FlowBatch#NO_UPTIME}
     * @param sequence the sequence number in the header; v9 counts messages, IPFIX records
     */
    public DecodeResult decode(
            Datagram datagram,
            ExporterState exporter,
            FlowBatch flows,
            int firstSet,
            long exportMillis,
            long uptimeMillis,
            long sequence) {
        byte[] octets = datagram.octets();
        int from = datagram.offset() + firstSet;
        int end = datagram.offset() + datagram.length();
        TemplateMemory memory = TemplateMemory.of(exporter);
        if (datagram.resumeAt() == 0) {
            DecodeResult framing = framing(octets, from, end);
            if (framing != DecodeResult.DECODED) {
                return framing;
            }
            memory.follow(exporter.exporter(), datagram.sourcePort(), datagram.receivedAtMillis());
            memory.confirm(sequence, uptimeMillis, exportMillis);
            int records = learn(octets, from, end, memory, datagram.receivedAtMillis());
            if (records == Template.BROKEN) {
                return DecodeResult.LENGTH_MISMATCH;
            }
            int known = isWaiting(octets, from, end, memory) ? ExporterState.UNKNOWN_UNITS : records;
            int units = dialect == Dialect.V9 ? 1 : known;
            exporter.sequence(sequence, units, known, templateRecords, uptimeMillis, exportMillis);
            setAside(datagram, from, end, memory, exportMillis, uptimeMillis, !exporter.isDuplicate());
            memory.publish();
        }
        flows.beginSpan(
                datagram.endpoint(),
                exporter.exporter(),
                datagram.receivedAtMillis(),
                exportMillis,
                uptime(memory, uptimeMillis, exportMillis));
        boolean isDone = appendSets(datagram, from, end, exporter, memory, flows, exportMillis)
                && appendReady(datagram, exporter, memory, flows);
        if (!isDone) {
            return DecodeResult.SINK_FULL;
        }
        return isWaiting(octets, from, end, memory) ? DecodeResult.WAITING_FOR_TEMPLATE : DecodeResult.DECODED;
    }

    /** Returns the length of the set at a position, or why there is none. Zeros behind the last set are padding. */
    private static int setLength(byte[] octets, int at, int end) {
        if (end - at < SET_HEADER_OCTETS) {
            return NO_MORE;
        }
        int length = Octets.u16(octets, at + LENGTH);
        if (length < SET_HEADER_OCTETS) {
            return length == 0 && Octets.u16(octets, at) == 0 ? NO_MORE : TOO_SHORT;
        }
        return length > end - at ? TOO_LONG : length;
    }

    private static DecodeResult framing(byte[] octets, int from, int end) {
        int at = from;
        int length = setLength(octets, at, end);
        while (length > 0) {
            at += length;
            length = setLength(octets, at, end);
        }
        return switch (length) {
            case TOO_LONG -> DecodeResult.TRUNCATED;
            case TOO_SHORT -> DecodeResult.LENGTH_MISMATCH;
            default -> DecodeResult.DECODED;
        };
    }

    /**
     * Learns the templates and notes which one each data set has at its place in the message, since a template may change
     * between two sets. A set that has none there takes one that comes behind it.
     *
     * @return the data records, without those whose template is not known; or {@link Template#BROKEN}
     */
    private int learn(byte[] octets, int from, int end, TemplateMemory memory, long nowMillis) {
        TemplateSpace space = memory.space();
        templateRecords = 0;
        int records = 0;
        int dataSets = 0;
        int unknown = 0;
        for (int at = from, length; (length = setLength(octets, at, end)) > 0; at += length) {
            int id = Octets.u16(octets, at);
            int body = at + SET_HEADER_OCTETS;
            if (id == dialect.templateSet() || id == dialect.optionsTemplateSet()) {
                learnSet(octets, body, at + length, id, memory, nowMillis);
            } else if (id >= Template.LEAST_ID) {
                Template template = fitting(memory.find(id, nowMillis), octets, body, at + length, memory);
                space.ofSet(dataSets++, template);
                unknown += template == Template.NONE ? 1 : 0;
                int counted = count(template, octets, body, at + length);
                if (counted == Template.BROKEN) {
                    return Template.BROKEN;
                }
                use(template, counted, nowMillis);
                records += counted;
            }
        }
        if (unknown == 0 || memory.templates() == 0) {
            return records;
        }
        int found = lookAgain(octets, from, end, memory, nowMillis);
        return found == Template.BROKEN ? Template.BROKEN : records + found;
    }

    /** Returns a template, unless it comes from disk and the records of a set leave more over than padding. */
    private Template fitting(Template template, byte[] octets, int from, int end, TemplateMemory memory) {
        if (!template.isDoubtful()) {
            return template;
        }
        int left = template.isFixed() ? (end - from) % template.leastOctets() : 0;
        if (left <= MOST_PADDING && count(template, octets, from, end) > 0) {
            return template;
        }
        memory.disprove(template);
        return Template.NONE;
    }

    /** Looks for the templates of data sets that had none at their place; returns as {@link #learn} does. */
    private int lookAgain(byte[] octets, int from, int end, TemplateMemory memory, long nowMillis) {
        TemplateSpace space = memory.space();
        int records = 0;
        int dataSets = 0;
        for (int at = from, length; (length = setLength(octets, at, end)) > 0; at += length) {
            int id = Octets.u16(octets, at);
            if (id >= Template.LEAST_ID) {
                if (space.ofSet(dataSets) == Template.NONE) {
                    Template template = memory.find(id, nowMillis);
                    int counted = count(template, octets, at + SET_HEADER_OCTETS, at + length);
                    if (counted == Template.BROKEN) {
                        return Template.BROKEN;
                    }
                    space.ofSet(dataSets, template);
                    use(template, counted, nowMillis);
                    records += counted;
                }
                dataSets++;
            }
        }
        return records;
    }

    private static void use(Template template, int records, long nowMillis) {
        if (template != Template.NONE) {
            template.used(records, nowMillis);
        }
    }

    private void learnSet(byte[] octets, int from, int end, int setId, TemplateMemory memory, long nowMillis) {
        boolean isOptions = setId == dialect.optionsTemplateSet();
        int at = from;
        while (end - at >= SET_HEADER_OCTETS) {
            int id = Octets.u16(octets, at);
            if (id == 0) {
                return; // Padding.
            }
            int length = Template.measure(dialect, isOptions, octets, at, end);
            if (length != Template.BROKEN && Template.isWithdrawal(dialect, octets, at)) {
                memory.withdraw(id, isOptions, setId);
            } else if (length == Template.BROKEN || id < Template.LEAST_ID) {
                memory.space().increment(TemplateCounter.BROKEN);
                return;
            } else {
                memory.learn(dialect, isOptions, octets, at, length, nowMillis);
            }
            templateRecords++;
            at += length;
        }
    }

    /** Counts the records of a data set; what is shorter than a record is padding. */
    private int count(Template template, byte[] octets, int from, int end) {
        if (template == Template.NONE) {
            return 0;
        }
        if (template.isFixed()) {
            return (end - from) / template.leastOctets();
        }
        int records = 0;
        int at = from;
        while (end - at >= template.leastOctets()) {
            int length = template.locate(octets, at, end, scratch.starts, scratch.widths);
            if (length == Template.BROKEN) {
                return Template.BROKEN;
            }
            at += length;
            records++;
        }
        return records;
    }

    /** Reads options, and lets data wait that has no template, unless it waits already. */
    private void setAside(
            Datagram datagram,
            int from,
            int end,
            TemplateMemory memory,
            long exportMillis,
            long uptimeMillis,
            boolean isNew) {
        byte[] octets = datagram.octets();
        int dataSets = 0;
        for (int at = from, length; (length = setLength(octets, at, end)) > 0; at += length) {
            int id = Octets.u16(octets, at);
            if (id < Template.LEAST_ID) {
                continue;
            }
            int body = at + SET_HEADER_OCTETS;
            Template template = memory.space().ofSet(dataSets++);
            if (template == Template.NONE && isNew) {
                memory.hold(
                        id,
                        octets,
                        body,
                        length - SET_HEADER_OCTETS,
                        datagram.receivedAtMillis(),
                        exportMillis,
                        uptimeMillis);
            } else if (template.isOptions()) {
                sampler.learn(template, octets, body, at + length, memory, scratch);
            }
        }
    }

    private static boolean isWaiting(byte[] octets, int from, int end, TemplateMemory memory) {
        int dataSets = 0;
        for (int at = from, length; (length = setLength(octets, at, end)) > 0; at += length) {
            if (Octets.u16(octets, at) >= Template.LEAST_ID && memory.space().ofSet(dataSets++) == Template.NONE) {
                return true;
            }
        }
        return false;
    }

    /** Returns the uptime at export; IPFIX has none in its header, but an options record may tell the boot. */
    private static long uptime(TemplateMemory memory, long uptimeMillis, long exportMillis) {
        long boot = memory.bootMillis();
        return uptimeMillis != FlowBatch.NO_UPTIME || boot == FlowBatch.NO_UPTIME
                ? uptimeMillis
                : (exportMillis - boot) & U32;
    }

    /** Appends the rows of the message's own data sets; tells whether all are in the batch. */
    private boolean appendSets(
            Datagram datagram,
            int from,
            int end,
            ExporterState exporter,
            TemplateMemory memory,
            FlowBatch flows,
            long exportMillis) {
        byte[] octets = datagram.octets();
        int resume = datagram.offset() + (datagram.resumeAt() >>> ROW_BITS);
        rowsOfRecord = datagram.resumeAt() & ((1 << ROW_BITS) - 1);
        int dataSets = 0;
        for (int at = from, length; (length = setLength(octets, at, end)) > 0; at += length) {
            if (Octets.u16(octets, at) < Template.LEAST_ID) {
                continue;
            }
            Template template = memory.space().ofSet(dataSets++);
            int setEnd = at + length;
            if (template == Template.NONE || template.isOptions() || setEnd <= resume) {
                continue;
            }
            int first = Math.max(at + SET_HEADER_OCTETS, resume);
            int position = append(template, octets, first, setEnd, exporter, memory, flows, exportMillis);
            if (position < setEnd) {
                datagram.resumeAt(((position - datagram.offset()) << ROW_BITS) | rowsOfRecord);
                return false;
            }
        }
        return true;
    }

    /** Appends the rows of data sets whose template has come; tells whether all are in the batch. */
    private boolean appendReady(Datagram datagram, ExporterState exporter, TemplateMemory memory, FlowBatch flows) {
        for (HeldSet set = memory.nextReady(); set != HeldSet.NONE; set = memory.nextReady()) {
            byte[] octets = set.records();
            Template template = set.template();
            int records = count(template, octets, 0, octets.length);
            if (records == Template.BROKEN) {
                memory.readyDone(TemplateCounter.GIVEN_UP);
                continue;
            }
            if (set.position() == 0 && set.rowsOfRecord() == 0) {
                use(template, records, template.refreshedMillis());
            }
            if (template.isOptions()) {
                sampler.learn(template, octets, 0, octets.length, memory, scratch);
            } else if (!appendReady(set, datagram, exporter, memory, flows)) {
                datagram.resumeAt(datagram.length() << ROW_BITS); // Behind all sets of the message itself.
                return false;
            }
            memory.readyDone(TemplateCounter.RELEASED);
        }
        return true;
    }

    private boolean appendReady(
            HeldSet set, Datagram datagram, ExporterState exporter, TemplateMemory memory, FlowBatch flows) {
        if (flows.remaining() == 0) {
            return false;
        }
        byte[] octets = set.records();
        flows.beginSpan(
                datagram.endpoint(),
                exporter.exporter(),
                set.receivedAtMillis(),
                set.exportMillis(),
                uptime(memory, set.uptimeMillis(), set.exportMillis()));
        rowsOfRecord = set.rowsOfRecord();
        int position = append(
                set.template(), octets, set.position(), octets.length, exporter, memory, flows, set.exportMillis());
        set.resumeAt(position, rowsOfRecord);
        return position >= octets.length;
    }

    /** Appends the rows of a data set's records from a position on; returns where the next batch goes on, or the end. */
    private int append(
            Template template,
            byte[] octets,
            int from,
            int end,
            ExporterState exporter,
            TemplateMemory memory,
            FlowBatch flows,
            long exportMillis) {
        return template.isFixed()
                        && !template.plan().isBiflow()
                        && !template.plan().hasLists()
                ? appendBlocks(template, octets, from, end, exporter, memory, flows, exportMillis)
                : appendRecords(template, octets, from, end, exporter, memory, flows, exportMillis);
    }

    private int appendBlocks(
            Template template,
            byte[] octets,
            int from,
            int end,
            ExporterState exporter,
            TemplateMemory memory,
            FlowBatch flows,
            long exportMillis) {
        int stride = template.leastOctets();
        RecordPlan plan = template.plan();
        Program program = plan.forward();
        int at = from;
        for (int left = (end - at) / stride; left > 0; left = (end - at) / stride) {
            int records = Math.min(Math.min(left, Program.BLOCK), flows.remaining());
            if (records == 0) {
                return at;
            }
            int row = flows.claim(records, program.fields());
            program.fill(octets, at, stride, records, flows, row, exportMillis, scratch.values);
            if (plan.totals(false).areThere()) {
                for (int index = 0; index < records; index++) {
                    settleTotals(plan, false, octets, at + index * stride, exporter, memory, flows, row + index);
                }
            }
            sampler.apply(plan, octets, at, stride, records, memory, flows, row, scratch);
            program.judgeEvents(flows, row, records);
            at += records * stride;
        }
        return end;
    }

    private int appendRecords(
            Template template,
            byte[] octets,
            int from,
            int end,
            ExporterState exporter,
            TemplateMemory memory,
            FlowBatch flows,
            long exportMillis) {
        RecordPlan plan = template.plan();
        int at = from;
        while (end - at >= template.leastOctets()) {
            int length = template.locate(octets, at, end, scratch.starts, scratch.widths);
            if (length == Template.BROKEN) {
                return end; // Counted before; it cannot be.
            }
            rowsOffered = 0;
            brokenLists = 0;
            unreadLists = 0;
            boolean isDone = offer(plan, octets, at, exporter, memory, flows, exportMillis)
                    && (!plan.hasLists()
                            || appendLists(template, octets, at, end, 0, exporter, memory, flows, exportMillis));
            if (!isDone) {
                return at;
            }
            countLists(memory.space());
            rowsOfRecord = 0;
            at += length;
        }
        return end;
    }

    /** Appends the flows in the lists of a record, RFC 6313; tells whether all are in the batch. */
    private boolean appendLists(
            Template template,
            byte[] octets,
            int recordAt,
            int end,
            int depth,
            ExporterState exporter,
            TemplateMemory memory,
            FlowBatch flows,
            long exportMillis) {
        isRoomUsed = false; // The record was located just now.
        for (int field = 0; field < template.fields(); field++) {
            int element = template.element(field);
            if (!isList(element)) {
                continue;
            }
            // Records in the list before have used the room.
            if (isRoomUsed
                    && template.locate(octets, recordAt, end, scratch.starts, scratch.widths) == Template.BROKEN) {
                return true;
            }
            isRoomUsed = false;
            int from = scratch.starts[field];
            int to = from + scratch.widths[field];
            if (!appendListField(element, octets, from, to, depth, exporter, memory, flows, exportMillis)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isList(int element) {
        return element == Element.BASIC_LIST
                || element == Element.SUB_TEMPLATE_LIST
                || element == Element.SUB_TEMPLATE_MULTI_LIST;
    }

    /** Appends the flows in a list of any of the three kinds, which all begin with their semantic. */
    private boolean appendListField(
            int element,
            byte[] octets,
            int from,
            int to,
            int depth,
            ExporterState exporter,
            TemplateMemory memory,
            FlowBatch flows,
            long exportMillis) {
        if (from == to || Octets.u8(octets, from) == NONE_OF) {
            return true;
        }
        int at = from + SEMANTIC_OCTETS;
        if (element == Element.BASIC_LIST) {
            return appendBasicList(octets, at, to, depth, exporter, memory, flows, exportMillis);
        }
        if (element == Element.SUB_TEMPLATE_LIST) {
            if (to - at < Short.BYTES) {
                brokenLists++;
                return true;
            }
            int id = Octets.u16(octets, at);
            return appendList(id, octets, at + Short.BYTES, to, depth, exporter, memory, flows, exportMillis);
        }
        while (at < to) {
            int length = setLength(octets, at, to); // Laid out like sets.
            if (length <= 0) {
                brokenLists++;
                return true;
            }
            int id = Octets.u16(octets, at);
            int first = at + SET_HEADER_OCTETS;
            if (!appendList(id, octets, first, at + length, depth, exporter, memory, flows, exportMillis)) {
                return false;
            }
            at += length;
        }
        return true;
    }

    /**
     * Goes through a list of values of one element. Only values that are lists themselves can hold flows; several values of
     * any other element are no value of a column.
     */
    private boolean appendBasicList(
            byte[] octets,
            int from,
            int to,
            int depth,
            ExporterState exporter,
            TemplateMemory memory,
            FlowBatch flows,
            long exportMillis) {
        boolean isForeign = to - from >= SET_HEADER_OCTETS && (Octets.u16(octets, from) & ENTERPRISE_BIT) != 0;
        int at = from + (isForeign ? 2 * SET_HEADER_OCTETS : SET_HEADER_OCTETS);
        if (at > to) {
            brokenLists++;
            return true;
        }
        int element = Octets.u16(octets, from); // With its first bit set it is none of the lists.
        int fixed = Octets.u16(octets, from + LENGTH);
        if (fixed == 0 && at < to) {
            brokenLists++;
            return true;
        }
        boolean holdsLists = isList(element) && depth < MOST_DEPTH;
        unreadLists += isList(element) && !holdsLists ? 1 : 0;
        while (at < to) {
            int width = fixed;
            if (fixed == Template.VARIABLE) {
                width = Octets.u8(octets, at++);
                if (width == 0xFF) {
                    width = to - at < Short.BYTES ? TOO_LONG_FOR_ANY : Octets.u16(octets, at);
                    at += Short.BYTES;
                }
            }
            if (width > to - at) {
                brokenLists++;
                return true;
            }
            if (holdsLists
                    && !appendListField(
                            element, octets, at, at + width, depth + 1, exporter, memory, flows, exportMillis)) {
                return false;
            }
            at += width;
        }
        return true;
    }

    private boolean appendList(
            int id,
            byte[] octets,
            int from,
            int end,
            int depth,
            ExporterState exporter,
            TemplateMemory memory,
            FlowBatch flows,
            long exportMillis) {
        Template nested = memory.findNested(id);
        if (nested == Template.NONE) {
            unreadLists += from < end ? 1 : 0;
            return true;
        }
        RecordPlan plan = nested.plan();
        boolean isFlow = !nested.isOptions() && plan.forward().verdict() == Verdict.COUNTED;
        boolean looksDeeper = plan.hasLists() && depth < MOST_DEPTH;
        unreadLists += plan.hasLists() && !looksDeeper ? 1 : 0;
        int at = from;
        while (at < end) {
            int length = nested.locate(octets, at, end, scratch.starts, scratch.widths);
            if (length == Template.BROKEN) {
                isRoomUsed = true;
                brokenLists++;
                return true;
            }
            if (isFlow && !offer(plan, octets, at, exporter, memory, flows, exportMillis)) {
                return false;
            }
            if (looksDeeper
                    && !appendLists(nested, octets, at, end, depth + 1, exporter, memory, flows, exportMillis)) {
                return false;
            }
            isRoomUsed = true;
            at += length;
        }
        return true;
    }

    /** Counts what was wrong with the lists of a record, once it is done with and will not be gone through again. */
    private void countLists(TemplateSpace space) {
        if ((brokenLists | unreadLists) != 0) {
            space.add(TemplateCounter.LISTS_BROKEN, brokenLists);
            space.add(TemplateCounter.LISTS_UNREAD, unreadLists);
            brokenLists = 0;
            unreadLists = 0;
        }
    }

    /** Appends the one or two rows of a located record, unless they are in a batch already; tells whether there was room. */
    private boolean offer(
            RecordPlan plan,
            byte[] octets,
            int at,
            ExporterState exporter,
            TemplateMemory memory,
            FlowBatch flows,
            long exportMillis) {
        int rows = plan.isBiflow() && plan.hasReverse(octets, at, scratch) ? 2 : 1;
        for (int direction = 0; direction < rows; direction++) {
            if (rowsOffered++ < rowsOfRecord) {
                continue;
            }
            if (flows.remaining() == 0 || rowsOfRecord >= MOST_ROWS) {
                return rowsOfRecord >= MOST_ROWS;
            }
            appendRow(plan, direction > 0, octets, at, exporter, memory, flows, exportMillis);
            rowsOfRecord++;
        }
        return true;
    }

    private void appendRow(
            RecordPlan plan,
            boolean isReverse,
            byte[] octets,
            int at,
            ExporterState exporter,
            TemplateMemory memory,
            FlowBatch flows,
            long exportMillis) {
        Program program = isReverse ? plan.reverse() : plan.forward();
        int row = flows.claim(program.fields());
        program.fill(octets, scratch.starts, scratch.widths, flows, row, exportMillis, scratch.values);
        if (plan.totals(isReverse).areThere()) {
            settleTotals(plan, isReverse, octets, at, exporter, memory, flows, row);
        }
        sampler.apply(plan, octets, at, 0, 1, memory, flows, row, scratch);
        program.judgeEvents(flows, row, 1);
    }

    private void settleTotals(
            RecordPlan plan,
            boolean isReverse,
            byte[] octets,
            int at,
            ExporterState exporter,
            TemplateMemory memory,
            FlowBatch flows,
            int row) {
        TotalFields fields = plan.totals(isReverse);
        if (fields.areNeedless(plan, octets, at, scratch)) {
            return;
        }
        // Who neither says that a flow goes on nor when it began, reports each flow once.
        boolean isLast =
                fields.hasEndReason() ? fields.isLast(plan, octets, at, scratch) : !RunningTotals.hasTimes(flows, row);
        memory.space()
                .totals(memory)
                .settle(
                        flows,
                        row,
                        exporter.exporter(),
                        fields,
                        fields.flowId(plan, octets, at, scratch),
                        isLast,
                        fields.octets(plan, octets, at, scratch),
                        fields.packets(plan, octets, at, scratch));
    }
}
