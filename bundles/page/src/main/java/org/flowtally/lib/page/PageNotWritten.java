// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.page;

import java.io.IOException;

/**
 * A refusal to take a page. The caller keeps the usage and tries again under the same page id, with more usage in it if there
 * is more by then: whatever the failed attempt left on disk is replaced.
 */
public final class PageNotWritten extends IOException {
    private static final long serialVersionUID = 1L;

    /** Why the page was not taken. */
    public enum Reason {
        /** The waiting pages have reached the octets allowed: the database has been away for too long. */
        BOUND_REACHED,
        /** The file system refused: full, read-only, gone. */
        FILE_SYSTEM
    }

    private final Reason reason;

    PageNotWritten(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    PageNotWritten(Reason reason, String message, IOException cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Returns why the page was not taken. */
    public Reason reason() {
        return reason;
    }
}
