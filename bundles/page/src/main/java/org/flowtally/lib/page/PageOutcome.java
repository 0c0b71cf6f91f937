// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.page;

import org.flowtally.api.usage.UsagePage;

/** What came of reading a page file. */
public sealed interface PageOutcome {
    /**
     * The page as it was written.
     *
     * @param page its content
     */
    record Whole(UsagePage page) implements PageOutcome {}

    /**
     * A file that is not what was once written.
     *
     * @param reason what is wrong with it, as {@code name=value}
     */
    record Damaged(String reason) implements PageOutcome {}
}
