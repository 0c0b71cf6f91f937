// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

/**
 * What a command tells whoever typed it instead of an answer. The shell logs each exception of a command as an error; this one
 * has no stack trace, as nobody needs to find a bug behind it.
 */
final class CommandRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CommandRefused(String message) {
        super(message, null, false, false);
    }

    /** Refuses the value of an option. */
    static CommandRefused option(String option, Object value, String allowed) {
        return new CommandRefused("option refused: option=%s, value=%s, allowed=%s".formatted(option, value, allowed));
    }
}
