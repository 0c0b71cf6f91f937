// SPDX-License-Identifier: Apache-2.0
package org.flowtally.accounting;

import java.io.IOException;
import java.nio.file.Path;
import org.flowtally.api.usage.UsagePage;
import org.flowtally.lib.page.PageSpool;

/** The spool folder. It is looked for at each page, so that a disk which is mended later is found. */
final class SpoolSink implements PageSink {
    private final Path folder;

    SpoolSink(Path data) {
        folder = data.resolve("pages");
    }

    @Override
    public void append(UsagePage page, long boundOctets) throws IOException {
        PageSpool spool = PageSpool.in(folder);
        spool.limitTo(boundOctets);
        spool.append(page);
    }
}
