// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.lookup;

/** The refusal of a text that is no address or no prefix; its message names the text, what is wrong and what is allowed. */
public final class MalformedPrefix extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String text;
    private final String reason;

    MalformedPrefix(String text, String reason) {
        super("not a prefix: text=\"%s\", reason=%s".formatted(text, reason));
        this.text = text;
        this.reason = reason;
    }

    /** Returns the text as it was given. */
    public String text() {
        return text;
    }

    /** Returns what would be right and what is wrong, without the text itself; it reads on after {@code allowed=}. */
    public String reason() {
        return reason;
    }
}
