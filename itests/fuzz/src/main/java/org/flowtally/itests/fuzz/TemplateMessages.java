// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.fuzz;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.flowtally.itests.contract.MessageBuilder.Data;

/**
 * Datagrams of v9 and IPFIX: templates, and data that fits a template sent before, since random octets hardly ever do. It
 * remembers what it sent, so that data, lists in data and redefinitions come to be; what the exporter's numbers say, how
 * fields are ordered, how long they are and what is in them, the script says.
 */
final class TemplateMessages {
    private static final int VARIABLE = 0xFFFF;
    private static final int FIRST_ID = 256;
    private static final int IDS = 6;
    private static final int MOST_DEPTH = 6;
    private static final int MOST_LIST_OCTETS = 4096;
    private static final int MOST_OCTETS = 9000;
    private static final int SUB_TEMPLATE_LIST = 292;
    private static final int SUB_TEMPLATE_MULTI_LIST = 293;
    private static final int REVERSE_ENTERPRISE = 29305;

    /** Elements that mean something to a decoder, and lengths that they usually have, in turn. */
    private static final int[] KNOWN = {
        1, 4, 2, 4, 4, 1, 5, 1, 6, 1, 7, 2, 8, 4, 9, 1, 10, 4, 11, 2, 12, 4, 13, 1, 14, 4, 15, 4, 16, 4, 17, 4, 21, 4,
        22, 4, 23, 8, 24, 8, 27, 16, 28, 16, 29, 1, 30, 1, 32, 2, 34, 4, 35, 1, 44, 4, 45, 4, 48, 1, 49, 1, 50, 4, 56,
        6, 57, 6, 58, 2, 59, 2, 61, 1, 62, 16, 80, 6, 81, 6, 85, 8, 86, 8, 136, 1, 139, 2, 148, 8, 150, 4, 151, 4, 152,
        8, 153, 8, 154, 8, 155, 8, 156, 8, 157, 8, 158, 4, 159, 4, 160, 8, 161, 4, 162, 4, 169, 16, 170, 16, 176, 1,
        177, 1, 178, 1, 179, 1, 195, 1, 210, 3, 225, 4, 226, 4, 227, 2, 228, 2, 230, 1, 231, 8, 232, 8, 233, 1, 234, 4,
        235, 4, 243, 2, 254, 2, 281, 16, 282, 16, 291, VARIABLE, 292, VARIABLE, 293, VARIABLE, 298, 8, 299, 8, 302, 8,
        305, 4, 306, 4, 309, 4, 310, 4, 311, 8, 322, 4, 323, 8, 324, 8, 325, 8, 352, 8, 361, 2, 362, 2, 363, 2, 364, 2,
        371, VARIABLE, 40001, 4, 40002, 4, 40003, 2, 40004, 2, 40005, 1
    };

    private final int version;
    /** Elements and lengths of the templates sent, in turn. */
    private final Map<Integer, int[]> sent = new HashMap<>();

    TemplateMessages(int version) {
        this.version = version;
    }

    byte[] write(Script script) {
        int lie = script.u8();
        int sets = 1 + script.below(5);
        long sequence = script.u8();
        int domain = script.u8() >>> 7;
        int seconds = script.u8();
        Data body = new Data();
        for (int set = 0; set < sets && body.toOctets().length < MOST_OCTETS; set++) {
            appendSet(body, script);
        }
        if ((lie & 1) != 0) {
            body.octets(new byte[script.below(8)]);
        }
        byte[] octets = body.toOctets();
        Data message = new Data().u16(version);
        if (version == 9) {
            message.u16((lie & 2) != 0 ? script.u16() : sets).u32((lie & 4) != 0 ? script.u32() : 600_000);
        } else {
            message.u16((lie & 2) != 0 ? script.u16() : 16 + octets.length);
        }
        message.u32(1_774_000_000L + seconds)
                .u32((lie & 8) != 0 ? script.u32() : sequence)
                .u32(domain);
        return message.octets(octets).toOctets();
    }

    private void appendSet(Data message, Script script) {
        Data set = new Data();
        int id = FIRST_ID + script.below(IDS);
        int kind = script.below(8);
        int setId = switch (kind) {
            case 0, 1 -> template(set, id, script);
            case 2 -> options(set, id, script);
            case 3 -> withdrawal(set, id, script);
            case 4 -> anything(set, script);
            default -> data(set, id, script);
        };
        int lie = script.u8();
        int length = set.toOctets().length + 4 + (lie == 0xFF ? script.u8() - 128 : 0);
        message.u16(setId).u16(length).octets(set.toOctets());
    }

    private int template(Data set, int id, Script script) {
        int templates = 1 + (script.u8() >>> 6);
        for (int number = 0; number < templates; number++) {
            int[] fields = fields(script, script.below(20));
            set.u16(id + number).u16(fields.length / 2);
            appendFields(set, fields, script);
            sent.put(id + number, fields);
        }
        return version == 9 ? 0 : 2;
    }

    private int options(Data set, int id, Script script) {
        int scopes = 1 + script.below(2);
        int[] fields = fields(script, scopes + script.below(8));
        int count = fields.length / 2;
        set.u16(id);
        if (version == 9) {
            set.u16(4L * scopes).u16(4L * (count - scopes));
        } else {
            set.u16(count).u16(script.u8() == 0xFF ? script.u16() : scopes);
        }
        appendFields(set, fields, script);
        sent.put(id, fields);
        return version == 9 ? 1 : 3;
    }

    private static int[] fields(Script script, int count) {
        int[] fields = new int[2 * count];
        for (int field = 0; field < fields.length; field += 2) {
            int known = 2 * script.below(KNOWN.length / 2);
            int length = script.u8();
            fields[field] = length == 0xFE ? script.u16() & 0x7FFF : KNOWN[known];
            fields[field + 1] = switch (length) {
                case 0xFF -> script.u16();
                case 0xFD -> VARIABLE;
                case 0xFC, 0xFB, 0xFA, 0xF9 -> script.below(20);
                default -> KNOWN[known + 1];
            };
        }
        return fields;
    }

    private void appendFields(Data set, int[] fields, Script script) {
        for (int field = 0; field < fields.length; field += 2) {
            int enterprise = version == 9 ? 0 : script.u8();
            if (enterprise < 0xE0) {
                set.u16(fields[field]).u16(fields[field + 1]);
            } else {
                set.u16(fields[field] | 0x8000).u16(fields[field + 1]);
                set.u32(enterprise < 0xF8 ? REVERSE_ENTERPRISE : enterprise);
            }
        }
    }

    private int withdrawal(Data set, int id, Script script) {
        int what = script.u8();
        int setId = version == 9 ? what & 1 : 2 + (what & 1);
        set.u16((what & 2) == 0 ? id : setId).u16(0);
        return setId;
    }

    private static int anything(Data set, Script script) {
        int id = script.u16();
        set.octets(script.octets(script.u8()));
        return id;
    }

    private int data(Data set, int id, Script script) {
        int[] fields = sent.get(id);
        if (fields == null) {
            set.octets(script.octets(script.u8()));
            return id;
        }
        int records = 1 + script.below(12) * (1 + script.below(12));
        for (int number = 0; number < records && set.toOctets().length < MOST_LIST_OCTETS; number++) {
            appendRecord(set, fields, script, 0);
        }
        set.octets(new byte[script.below(4)]);
        return id;
    }

    private void appendRecord(Data data, int[] fields, Script script, int depth) {
        for (int field = 0; field < fields.length; field += 2) {
            byte[] content;
            if (fields[field + 1] == VARIABLE) {
                content = fields[field] == SUB_TEMPLATE_LIST || fields[field] == SUB_TEMPLATE_MULTI_LIST
                        ? list(fields[field], script, depth)
                        : script.octets(script.below(40));
                if (content.length < 0xFF && (depth & 1) == 0) {
                    data.u8(content.length);
                } else {
                    data.u8(0xFF).u16(content.length);
                }
                data.octets(content);
            } else {
                int length = Math.min(fields[field + 1], MOST_LIST_OCTETS);
                data.octets(Arrays.copyOf(script.octets(Math.min(length, 20)), length));
            }
        }
    }

    private byte[] list(int element, Script script, int depth) {
        Data list = new Data().u8(script.u8());
        int parts = element == SUB_TEMPLATE_LIST ? 1 : script.below(4);
        for (int part = 0; part < parts; part++) {
            int id = FIRST_ID + script.below(IDS);
            int[] fields = sent.getOrDefault(id, new int[0]);
            Data records = new Data();
            for (int left = script.below(6); left > 0 && depth < MOST_DEPTH; left--) {
                appendRecord(records, fields, script, depth + 1);
                if (records.toOctets().length > MOST_LIST_OCTETS) {
                    break;
                }
            }
            list.u16(id);
            if (element == SUB_TEMPLATE_MULTI_LIST) {
                int lie = script.u8();
                list.u16(records.toOctets().length + 4 + (lie == 0xFF ? script.u8() - 128 : 0));
            }
            list.octets(records.toOctets());
        }
        byte[] content = list.toOctets();
        return content.length <= MOST_LIST_OCTETS ? content : Arrays.copyOf(content, MOST_LIST_OCTETS);
    }
}
