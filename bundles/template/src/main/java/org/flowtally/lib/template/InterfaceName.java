// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import java.nio.charset.StandardCharsets;
import org.flowtally.api.decode.InterfaceStatus;
import org.flowtally.api.flow.Exporter;

/**
 * What an exporter told of an interface, as it came.
 *
 * @param index its number
 * @param name its name, elements 82; not to be changed
 * @param description its description, element 83; not to be changed
 */
@SuppressWarnings(
        "ArrayRecordComponent") // Compared nowhere; texts would be made of every record that says the same again.
record InterfaceName(long index, byte[] name, byte[] description) {
    private static final char UNPRINTABLE = '?';

    /** Returns it for people. */
    InterfaceStatus status(Exporter exporter) {
        return new InterfaceStatus(exporter, index, text(name), text(description));
    }

    /** Cuts the zeros that fill up fields of fixed length, and lets nothing through that would steer a terminal. */
    private static String text(byte[] octets) {
        int end = 0;
        while (end < octets.length && octets[end] != 0) {
            end++;
        }
        StringBuilder text = new StringBuilder(new String(octets, 0, end, StandardCharsets.UTF_8).strip());
        for (int at = 0; at < text.length(); at++) {
            if (Character.isISOControl(text.charAt(at))) {
                text.setCharAt(at, UNPRINTABLE);
            }
        }
        return text.toString();
    }
}
