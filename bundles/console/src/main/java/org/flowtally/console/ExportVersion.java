// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.util.Locale;

/** How people write export versions: v9, 9, ipfix. */
final class ExportVersion {
    private static final int IPFIX = 10;
    private static final int MOST = 0xFFFF;

    private ExportVersion() {}

    /** Returns a version as {@link #parse} reads it. */
    static String name(int version) {
        return version == IPFIX ? "ipfix" : "v" + version;
    }

    /**
     * Reads a version.
     *
     * @throws CommandRefused if it is none
     */
    static int parse(String text) {
        String name = text.strip().toLowerCase(Locale.ROOT);
        if (name.equals("ipfix")) {
            return IPFIX;
        }
        try {
            int version = Integer.parseInt(name.startsWith("v") ? name.substring(1) : name);
            if (version >= 1 && version <= MOST) {
                return version;
            }
        } catch (NumberFormatException notANumber) {
            // Told below.
        }
        throw new CommandRefused("not an export version: version=" + text + ", allowed=v5, v9, ipfix, 1..65535");
    }
}
