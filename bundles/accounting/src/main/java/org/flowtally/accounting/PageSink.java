// SPDX-License-Identifier: Apache-2.0
package org.flowtally.accounting;

import java.io.IOException;
import org.flowtally.api.usage.UsagePage;

/** Where sealed pages go. */
@FunctionalInterface
interface PageSink {
    /**
     * Takes a page; when this returns, the page outlives the process.
     *
     * @param boundOctets how many octets of pages may wait
     * @throws IOException if the page is not taken; it may come again under the same id with more in it
     */
    void append(UsagePage page, long boundOctets) throws IOException;
}
