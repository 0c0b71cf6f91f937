// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.flowtally.api.usage.PageId;
import org.flowtally.api.usage.UsagePage;
import org.flowtally.api.usage.UsageTotal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageSpoolTest {
    private static final long EARLY_RUN = 1_790_000_000_000L << 20;
    private static final long LATE_RUN = 1_790_000_000_001L << 20;

    @TempDir
    private Path folder;

    @Test
    void handsOutPagesByRunAndSequenceAndForgetsThoseRemoved() throws IOException {
        PageSpool spool = PageSpool.in(folder);
        spool.append(page(LATE_RUN, 1));
        spool.append(page(EARLY_RUN, 10));
        spool.append(page(EARLY_RUN, 9));

        spool.remove(spool.next(1).get(0));

        assertThat(spool.next(9)).extracting(PageFile::sequence).containsExactly(10L, 1L);
        assertThat(spool.next(1)).extracting(PageFile::sequence).containsExactly(10L);
        assertThat(spool.pagesWaiting()).isEqualTo(2);
        assertThat(spool.octetsWaiting())
                .isEqualTo(spool.next(9).stream().mapToLong(PageFile::octets).sum());
        assertThat(spool.read(spool.next(1).get(0))).isEqualTo(new PageOutcome.Whole(page(EARLY_RUN, 10)));
    }

    @Test
    void isTheSameForEverybodyWhoAsksForTheFolder() throws IOException {
        PageSpool spool = PageSpool.in(folder);

        assertThat(PageSpool.in(folder.resolve("../" + folder.getFileName()))).isSameAs(spool);
    }

    @Test
    void findsThePagesOfAnEarlierProcessAndDeletesWhatItDidNotFinish() throws IOException {
        PageSpool earlier = PageSpool.in(folder.resolve("earlier"));
        earlier.append(page(EARLY_RUN, 1));
        PageFile written = earlier.next(1).get(0);
        Path later = Files.createDirectories(folder.resolve("later"));
        Files.copy(written.path(), later.resolve(written.name()));
        Files.writeString(later.resolve(written.name() + ".unfinished"), "half");
        Files.writeString(later.resolve("notes.txt"), "of an operator");

        PageSpool spool = PageSpool.in(later);

        assertThat(spool.pagesWaiting()).isEqualTo(1);
        assertThat(spool.octetsWaiting()).isEqualTo(written.octets());
        assertThat(later.resolve(written.name() + ".unfinished")).doesNotExist();
        assertThat(later.resolve("notes.txt")).exists();
    }

    @Test
    void refusesAPageBeyondTheBoundAndTakesItOnceThereIsRoom() throws IOException {
        PageSpool spool = PageSpool.in(folder);
        spool.append(page(EARLY_RUN, 1));
        PageFile first = spool.next(1).get(0);
        spool.limitTo(first.octets() + 1);

        assertThatThrownBy(() -> spool.append(page(EARLY_RUN, 2)))
                .isInstanceOfSatisfying(PageNotWritten.class, refusal -> {
                    assertThat(refusal.reason()).isEqualTo(PageNotWritten.Reason.BOUND_REACHED);
                    assertThat(refusal).hasMessageContaining("boundOctets=" + (first.octets() + 1));
                });
        spool.remove(first);
        spool.limitTo(first.octets());
        spool.append(page(EARLY_RUN, 2)); // As long as the first one: it fills the room to the last octet.

        assertThat(spool.next(9)).extracting(PageFile::sequence).containsExactly(2L);
        assertThat(spool.octetsWaiting()).isEqualTo(first.octets());
    }

    @Test
    void leavesNothingBehindWhenTheFileSystemRefusesAndTakesTheSameIdAgain() throws IOException {
        PageSpool spool = PageSpool.in(folder);
        Path obstacle = Files.createDirectories(
                folder.resolve(PageFile.in(folder, EARLY_RUN, 1, 0).name() + ".unfinished/full"));

        assertThatThrownBy(() -> spool.append(page(EARLY_RUN, 1)))
                .isInstanceOfSatisfying(
                        PageNotWritten.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(PageNotWritten.Reason.FILE_SYSTEM));
        assertThat(spool.pagesWaiting()).isZero();
        Files.delete(obstacle);
        Files.delete(obstacle.getParent());
        spool.append(page(EARLY_RUN, 1));

        assertThat(spool.pagesWaiting()).isEqualTo(1);
        assertThatThrownBy(() -> spool.append(page(EARLY_RUN, 1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void putsADamagedPageAsideAndCountsIt() throws IOException {
        PageSpool spool = PageSpool.in(folder);
        spool.append(page(EARLY_RUN, 1));
        PageFile file = spool.next(1).get(0);
        Files.writeString(file.path(), "overwritten");

        assertThat(spool.read(file)).isInstanceOf(PageOutcome.Damaged.class);
        Path aside = spool.putAside(file);

        assertThat(aside).exists().hasParent(spool.folder().resolve("damaged"));
        assertThat(spool.pagesWaiting()).isZero();
        assertThat(spool.octetsWaiting()).isZero();
        assertThat(spool.pagesDamaged()).isEqualTo(1);
    }

    @Test
    void noticesPagesThatAnOperatorPutsBackOrTakesAway() throws IOException {
        PageSpool spool = PageSpool.in(folder);
        spool.append(page(EARLY_RUN, 1));
        spool.append(page(EARLY_RUN, 2));
        Path aside = spool.putAside(spool.next(1).get(0));
        Files.delete(spool.next(1).get(0).path());
        Files.move(aside, spool.folder().resolve(aside.getFileName()));

        spool.rescan();

        assertThat(spool.next(9)).extracting(PageFile::sequence).containsExactly(1L);
        assertThat(spool.pagesDamaged()).isZero();
    }

    @Test
    void wakesAReaderWhenAPageIsAppended() throws Exception {
        PageSpool spool = PageSpool.in(folder);
        assertThat(spool.awaitPage(Duration.ZERO, () -> false)).isFalse();
        CompletableFuture<Boolean> woken = CompletableFuture.supplyAsync(() -> {
            try {
                return spool.awaitPage(Duration.ofMinutes(1), () -> false);
            } catch (InterruptedException interruption) {
                return false;
            }
        });

        spool.append(page(EARLY_RUN, 1));

        assertThat(woken.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void letsAReaderGoThatHasEnough() throws Exception {
        PageSpool spool = PageSpool.in(folder);
        AtomicBoolean hasEnough = new AtomicBoolean();
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return spool.awaitPage(Duration.ofMinutes(1), hasEnough::get);
            } catch (InterruptedException interruption) {
                return true;
            }
        });

        hasEnough.set(true);
        spool.wake();

        assertThat(waiting.get(30, TimeUnit.SECONDS)).isFalse();
    }

    private static UsagePage page(long runId, long sequence) {
        return new UsagePage(
                new PageId("c", runId, sequence),
                runId >>> 20,
                List.of(new UsageTotal("account", "", "", 1_790_000_000_000L, sequence, 0, 1, 0, 1, 0)),
                List.of(),
                List.of());
    }
}
