// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.flowtally.api.datagram.Octets;
import org.flowtally.api.decode.TemplateStatus;
import org.flowtally.api.flow.Exporter;
import org.jspecify.annotations.Nullable;

/**
 * A template as it was received, and what was made of it. The octets are what counts: they are compared, kept and stored;
 * the plan by which records are read is compiled when the first record comes.
 *
 * <pre>
 * template       id, field count,                         fields
 * v9 options     id, octets of scopes, octets of options, fields, scopes first
 * IPFIX options  id, field count, scope count,            fields, scopes first
 * field          element, length                          and in IPFIX an enterprise if the first bit of element is set
 * </pre>
 */
public final class Template {
    /** The length of a field that says its length in each record. */
    static final int VARIABLE = 0xFFFF;
    /** What {@link #measure} answers for a record that is cut off or makes no sense. */
    static final int BROKEN = -1;
    /** The template where none is known. */
    static final Template NONE = new Template(Dialect.V9, false, new byte[4], 0);
    /** The first id a template can have; data sets carry it as their own. */
    static final int LEAST_ID = 256;

    /** How exactly its age is noted. */
    private static final long AGE_STEP_MILLIS = 1000;

    private static final int ID_OCTETS = 2;
    private static final int HEADER_OCTETS = 4;
    private static final int OPTIONS_HEADER_OCTETS = 6;
    private static final int FIELD_OCTETS = 4;
    private static final int ENTERPRISE_OCTETS = 4;
    private static final int ENTERPRISE_BIT = 0x8000;

    private final int id;
    private final Dialect dialect;
    private final boolean isOptions;
    private final byte[] octets;
    private final int[] elements;
    private final int[] lengths;
    private final int scopes;
    private final boolean isFixed;
    private final int leastOctets;
    private @Nullable RecordPlan plan;
    private Reading reading = Reading.USUAL;
    private volatile boolean isDoubtful;
    private int port = PortTemplates.UNKNOWN_PORT;

    /** When an exporter last sent it, in milliseconds since 1970. */
    private volatile long refreshedMillis;

    private volatile long records;
    /** How old it was at most when data needed it, since it was last received. */
    private volatile long oldestUseMillis;

    private volatile long oldestUseBeforeMillis;

    private Template(Dialect dialect, boolean isOptions, byte[] octets, long refreshedMillis) {
        this.dialect = dialect;
        this.isOptions = isOptions;
        this.octets = octets;
        this.refreshedMillis = refreshedMillis;
        id = Octets.u16(octets, 0);
        int header = isOptions ? OPTIONS_HEADER_OCTETS : HEADER_OCTETS;
        int fields = countFields(dialect, octets, header);
        scopes = isOptions ? countScopes(dialect, octets) : 0;
        elements = new int[fields];
        lengths = new int[fields];
        int at = header;
        int least = 0;
        boolean fixed = true;
        for (int field = 0; field < fields; field++) {
            int number = Octets.u16(octets, at);
            lengths[field] = Octets.u16(octets, at + ID_OCTETS);
            at += FIELD_OCTETS;
            if (dialect == Dialect.V9) {
                elements[field] = field < scopes ? Element.V9_SCOPE | number : Element.ofV9(number);
            } else if ((number & ENTERPRISE_BIT) == 0) {
                elements[field] = number;
            } else {
                elements[field] = Element.ofIpfix(number & ~ENTERPRISE_BIT, Octets.i32(octets, at));
                at += ENTERPRISE_OCTETS;
            }
            fixed &= lengths[field] != VARIABLE;
            least += lengths[field] == VARIABLE ? 1 : lengths[field];
        }
        isFixed = fixed;
        leastOctets = least;
    }

    /** Returns how many octets the template record takes, or {@link #BROKEN}. Reads nothing at or behind {@code end}. */
    static int measure(Dialect dialect, boolean isOptions, byte[] octets, int at, int end) {
        if (end - at < HEADER_OCTETS) {
            return BROKEN;
        }
        if (isWithdrawal(dialect, octets, at)) {
            return HEADER_OCTETS;
        }
        int header = isOptions ? OPTIONS_HEADER_OCTETS : HEADER_OCTETS;
        if (end - at < header) {
            return BROKEN;
        }
        int second = Octets.u16(octets, at + ID_OCTETS);
        int third = isOptions ? Octets.u16(octets, at + HEADER_OCTETS) : 0;
        int length = dialect == Dialect.IPFIX
                ? measureFields(octets, at + header, end, second, third)
                : isOptions ? measureV9Options(second, third) : second * FIELD_OCTETS;
        return length == BROKEN || length > end - at - header ? BROKEN : header + length;
    }

    private static int measureV9Options(int scopeOctets, int optionOctets) {
        boolean isWhole = scopeOctets % FIELD_OCTETS == 0 && optionOctets % FIELD_OCTETS == 0;
        return isWhole ? scopeOctets + optionOctets : BROKEN;
    }

    private static int measureFields(byte[] octets, int from, int end, int fields, int scopeFields) {
        if (scopeFields > fields) {
            return BROKEN;
        }
        int at = from;
        for (int field = 0; field < fields; field++) {
            if (end - at < FIELD_OCTETS) {
                return BROKEN;
            }
            at += (Octets.u16(octets, at) & ENTERPRISE_BIT) == 0 ? FIELD_OCTETS : FIELD_OCTETS + ENTERPRISE_OCTETS;
        }
        return at - from;
    }

    /** Returns whether a record takes a template back, RFC 7011 §8.1: it has no fields. */
    static boolean isWithdrawal(Dialect dialect, byte[] octets, int at) {
        return dialect == Dialect.IPFIX && Octets.u16(octets, at + ID_OCTETS) == 0;
    }

    /** Makes a template of a record that {@link #measure} found whole. */
    static Template of(
            Dialect dialect, boolean isOptions, byte[] octets, int at, int lengthOctets, long receivedAtMillis) {
        return new Template(dialect, isOptions, Arrays.copyOfRange(octets, at, at + lengthOctets), receivedAtMillis);
    }

    private static int countFields(Dialect dialect, byte[] octets, int header) {
        if (dialect == Dialect.IPFIX) {
            return Octets.u16(octets, ID_OCTETS);
        }
        return (octets.length - header) / FIELD_OCTETS;
    }

    private static int countScopes(Dialect dialect, byte[] octets) {
        return dialect == Dialect.IPFIX
                ? Octets.u16(octets, HEADER_OCTETS)
                : Octets.u16(octets, ID_OCTETS) / FIELD_OCTETS;
    }

    /** Returns whether this is what stands there. */
    boolean equalsRecord(boolean options, byte[] other, int at, int lengthOctets) {
        return isOptions == options
                && octets.length == lengthOctets
                && Arrays.equals(octets, 0, lengthOctets, other, at, at + lengthOctets);
    }

    /** Returns whether another one was received as this one was. */
    boolean isLikeThat(Template other) {
        return equalsRecord(other.isOptions, other.octets, 0, other.octets.length);
    }

    /** Returns the source port that told it last, or {@link PortTemplates#UNKNOWN_PORT}. */
    int port() {
        return port;
    }

    void toldBy(int sourcePort) {
        port = sourcePort;
    }

    /** Returns the id, 256..65535. */
    public int id() {
        return id;
    }

    /** Returns whether its records are options and not flows. */
    public boolean isOptions() {
        return isOptions;
    }

    Dialect dialect() {
        return dialect;
    }

    /** Returns the template record as it was received; not to be changed. */
    byte[] octets() {
        return octets;
    }

    /** Returns the number of fields. */
    public int fields() {
        return elements.length;
    }

    /** Returns the element of a field, see {@link Element}. */
    int element(int field) {
        return elements[field];
    }

    /** Returns the length of a field in octets, or {@link #VARIABLE}. */
    int length(int field) {
        return lengths[field];
    }

    /** Returns how many of the first fields say what the others are about. */
    int scopes() {
        return scopes;
    }

    /** Returns whether all records are equally long. */
    boolean isFixed() {
        return isFixed;
    }

    /** Returns how many octets a record has at least, and at most too if it is fixed. */
    int leastOctets() {
        return leastOctets;
    }

    /** Returns the first field of an element that has octets, or -1. */
    int find(int element) {
        for (int field = 0; field < elements.length; field++) {
            if (elements[field] == element && lengths[field] > 0) {
                return field;
            }
        }
        return -1;
    }

    /** Returns when it was last received. */
    long refreshedMillis() {
        return refreshedMillis;
    }

    void refresh(long receivedAtMillis) {
        refreshedMillis = receivedAtMillis;
        oldestUseBeforeMillis = oldestUseMillis;
        oldestUseMillis = 0;
        isDoubtful = false;
    }

    /** Notes that records were decoded by it. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // One writer.
    void used(int ofRecords, long nowMillis) {
        records += ofRecords;
        long age = nowMillis - refreshedMillis;
        if (age >= oldestUseMillis + AGE_STEP_MILLIS) {
            oldestUseMillis = age;
        }
    }

    /** Returns how many records were decoded by it. */
    long records() {
        return records;
    }

    /** Returns how old it was when data needed it, at most, since it was received for the last but one time. */
    long oldestUseMillis() {
        return Math.max(oldestUseMillis, oldestUseBeforeMillis);
    }

    /** Notes that it comes from disk and was not received since. */
    void doubt() {
        isDoubtful = true;
    }

    /** Returns whether it comes from disk and was not received since: then records must fit it. */
    boolean isDoubtful() {
        return isDoubtful;
    }

    /** Says how its records are to be read from now on. */
    Template readBy(Reading inForce) {
        if (!reading.equals(inForce)) {
            reading = inForce;
            plan = null;
        }
        return this;
    }

    /** Returns how its records are to be read. */
    Reading reading() {
        return reading;
    }

    /** Returns what is known of it. */
    TemplateStatus status(Exporter exporter) {
        List<String> names = new ArrayList<>(elements.length);
        for (int field = 0; field < elements.length; field++) {
            String width = lengths[field] == VARIABLE ? "*" : Integer.toString(lengths[field]);
            names.add(ElementNames.of(elements[field]) + ":" + width);
        }
        return new TemplateStatus(
                exporter, id, isOptions, names, Instant.ofEpochMilli(refreshedMillis), records, isDoubtful);
    }

    /** Returns the plan by which its records are read. */
    RecordPlan plan() {
        RecordPlan known = plan;
        if (known == null) {
            known = RecordPlan.compile(this);
            plan = known;
        }
        return known;
    }

    /**
     * Finds the fields of a record of variable length, RFC 7011 §7.
     *
     * @param starts takes where each field begins
     * @param widths takes how long each field is
     * @return the octets of the record, or {@link #BROKEN} if it runs past {@code end}
     */
    int locate(byte[] record, int from, int end, int[] starts, int[] widths) {
        int at = from;
        for (int field = 0; field < lengths.length; field++) {
            int width = lengths[field];
            if (width == VARIABLE) {
                if (end - at < 1) {
                    return BROKEN;
                }
                width = Octets.u8(record, at++);
                if (width == 0xFF) {
                    if (end - at < 2) {
                        return BROKEN;
                    }
                    width = Octets.u16(record, at);
                    at += 2;
                }
            }
            if (end - at < width) {
                return BROKEN;
            }
            starts[field] = at;
            widths[field] = width;
            at += width;
        }
        return at - from;
    }
}
