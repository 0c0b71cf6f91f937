// SPDX-License-Identifier: Apache-2.0
package org.flowtally.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.flowtally.api.usage.PageId;
import org.flowtally.api.usage.UsagePage;
import org.flowtally.lib.page.PageNotWritten;
import org.flowtally.lib.page.PageSpool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolSinkTest {
    @TempDir
    private Path data;

    @Test
    void putsPagesIntoTheFolderThatStorageReads() throws IOException {
        new SpoolSink(data).append(page(1), 1 << 20);

        assertThat(PageSpool.in(data.resolve("pages")).pagesWaiting()).isOne();
    }

    @Test
    void refusesPagesBeyondTheBound() throws IOException {
        new SpoolSink(data).append(page(1), 1 << 20);

        assertThatThrownBy(() -> new SpoolSink(data).append(page(2), 10)).isInstanceOf(PageNotWritten.class);
        assertThat(PageSpool.in(data.resolve("pages")).pagesWaiting()).isOne();
    }

    @Test
    void findsADiskThatIsMendedLater() throws IOException {
        SpoolSink sink = new SpoolSink(data);
        Path inTheWay = Files.createFile(data.resolve("pages"));
        assertThatThrownBy(() -> sink.append(page(1), 1 << 20)).isInstanceOf(IOException.class);
        Files.delete(inTheWay);

        sink.append(page(1), 1 << 20);

        assertThat(PageSpool.in(data.resolve("pages")).pagesWaiting()).isOne();
    }

    private static UsagePage page(long sequence) {
        return new UsagePage(new PageId("collector-1", 7, sequence), 0, List.of(), List.of(), List.of());
    }
}
