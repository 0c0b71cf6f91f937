// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.fuzz;

import java.util.Arrays;
import org.flowtally.itests.contract.MessageBuilder.Data;

/** Datagrams of the versions whose records have one layout: header and length agree, unless the script says otherwise. */
final class FixedMessages {
    private static final int MOST_RECORDS = 60;
    private static final int[] V8_RECORDS = {28, 28, 32, 32, 40, 32, 40, 44, 32, 32, 32, 32, 40, 40};

    private FixedMessages() {}

    static byte[] write(int version, Script script) {
        int count = script.below(MOST_RECORDS);
        int lie = script.u8();
        Data message = new Data().u16(version).u16(lie == 1 ? script.u16() : count);
        message.u32(script.u32()).u32(script.u32()).u32(script.u32());
        int octets = switch (version) {
            case 1 -> count * ((lie & 2) == 0 ? 48 : 52);
            case 5 -> header(message, script, 24) + count * 48;
            case 7 -> header(message, script, 24) + count * 52;
            default -> v8(message, script, count);
        };
        byte[] body = script.octets(octets);
        message.octets(Arrays.copyOf(body, octets));
        byte[] whole = message.toOctets();
        return lie == 4 ? Arrays.copyOf(whole, Math.max(0, whole.length + script.u8() - 128)) : whole;
    }

    private static int header(Data message, Script script, int octets) {
        message.octets(Arrays.copyOf(script.octets(octets - 16), octets - 16));
        return 0;
    }

    private static int v8(Data message, Script script, int count) {
        int method = script.below(V8_RECORDS.length + 2);
        message.u32(script.u32()).u16(script.u16()).u8(method).u8(script.u8()).u32(0);
        return count * V8_RECORDS[Math.min(Math.max(method - 1, 0), V8_RECORDS.length - 1)];
    }
}
