// SPDX-License-Identifier: Apache-2.0
package org.flowtally.subscriber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.flowtally.api.subscriber.AssignmentStatus;
import org.flowtally.api.subscriber.AssignmentStatus.Source;
import org.flowtally.api.subscriber.Subscriber;
import org.flowtally.api.subscriber.Subscribers;
import org.flowtally.lib.lookup.Address;
import org.flowtally.lib.lookup.Prefix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AssignmentBookTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    @TempDir
    private Path folder;

    private final List<Map<String, Object>> table = new ArrayList<>();
    private int outcomesKnown;

    @Test
    void putsTheTableInForce() {
        AssignmentBook book = book();
        row("", "10.0.0.1/32", "anna", "dsl", "2026-01-01 00:00:00", null);
        row("", "2001:db8:1::/48", "bert", "", "2026-01-01 00:00:00.000", "2027-01-01 00:00:00.000");

        AssignmentStatus status = book.load(table.iterator());

        assertThat(status.source()).isEqualTo(Source.DATABASE);
        assertThat(status.loadedAt()).contains(NOW);
        assertThat(status.assignments()).isEqualTo(2);
        assertThat(status.subscribers()).isEqualTo(2);
        assertThat(status.skipped()).isZero();
        assertThat(holder(book, "10.0.0.1")).isEqualTo(new Subscriber("anna", "dsl"));
        assertThat(holder(book, "2001:db8:1::7")).isEqualTo(new Subscriber("bert", ""));
    }

    @Test
    void skipsRowsThatCannotBeUsedAndSaysWhy() {
        AssignmentBook book = book();
        row("", "10.0.0.1/8", "anna", "", "2026-01-01 00:00:00", null);
        row("", "10.0.0.2", "anna", "", "2026-01-02 00:00:00", "2026-01-02 00:00:00");
        row("n", "10.0.0.3", "", "", "2026-01-01 00:00:00", null);
        row("", "10.0.0.4", "anna", "", "yesterday", null);
        row("", "10.0.0.5", "anna", "", "2026-01-01 00:00:00", null);

        AssignmentStatus status = book.load(table.iterator());

        assertThat(status.assignments()).isEqualTo(1);
        assertThat(status.skipped()).isEqualTo(4);
        assertThat(status.problems())
                .containsExactly(
                        "realm=, prefix=10.0.0.1/8: host bits are set, probably 10.0.0.0/8 is meant, or 10.0.0.1 for this"
                                + " address alone",
                        "realm=, prefix=10.0.0.2: valid_to is not after valid_from: valid_from=2026-01-02 00:00:00,"
                                + " valid_to=2026-01-02 00:00:00",
                        "realm=n, prefix=10.0.0.3: account_id is empty",
                        "realm=, prefix=10.0.0.4: a time is yyyy-MM-dd HH:mm:ss in UTC, found \"yesterday\"");
        assertThat(holder(book, "10.0.0.5")).isEqualTo(new Subscriber("anna", ""));
    }

    @Test
    void namesNoMoreThanTwentyProblems() {
        AssignmentBook book = book();
        for (int i = 0; i < 30; i++) {
            row("", "wrong" + i, "anna", "", "2026-01-01 00:00:00", null);
        }

        AssignmentStatus status = book.load(table.iterator());

        assertThat(status.skipped()).isEqualTo(30);
        assertThat(status.problems()).hasSize(20);
    }

    @Test
    void leavesOutWhatEndedBeforeTheHistory() {
        AssignmentBook book = book();
        row("", "10.0.0.1", "anna", "", "2020-01-01 00:00:00", "2020-02-01 00:00:00");

        AssignmentStatus status = book.load(table.iterator());

        assertThat(status.assignments()).isZero();
        assertThat(status.skipped()).isZero();
    }

    @Test
    void letsAnEmptyTableReplaceAFullOne() {
        AssignmentBook book = loaded();

        AssignmentStatus status = book.load(List.<Map<String, Object>>of().iterator());

        assertThat(status.assignments()).isZero();
        assertThat(column(book, "10.0.0.1")).isEqualTo(Subscribers.UNMATCHED_HOME);
    }

    @Test
    void keepsWhatIsInForceWhenTheRowsBreakOff() {
        AssignmentBook book = loaded();
        Iterator<Map<String, Object>> broken = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public Map<String, Object> next() {
                throw new IllegalStateException("connection lost");
            }
        };

        assertThatThrownBy(() -> book.load(broken)).hasMessage("connection lost");

        assertThat(holder(book, "10.0.0.1")).isEqualTo(new Subscriber("anna", ""));
        assertThat(book.status().assignments()).isEqualTo(1);
        assertThat(book.status().lastFailure()).isEqualTo("reading the rows of ip_assignment broke off");
    }

    @Test
    void keepsWhatIsInForceWhenTheTableCannotBeRead() {
        AssignmentBook book = loaded();

        book.failed("no route to host");

        assertThat(holder(book, "10.0.0.1")).isEqualTo(new Subscriber("anna", ""));
        assertThat(book.status().lastFailure()).isEqualTo("no route to host");
        assertThat(book.load(table.iterator()).lastFailure()).isEmpty();
    }

    @Test
    void startsFromTheCopyWhenTheDatabaseIsAway() {
        loaded();

        AssignmentBook restarted = book();

        assertThat(restarted.status().source()).isEqualTo(Source.DISK);
        assertThat(restarted.status().loadedAt()).contains(NOW);
        assertThat(restarted.status().assignments()).isEqualTo(1);
        assertThat(holder(restarted, "10.0.0.1")).isEqualTo(new Subscriber("anna", ""));
    }

    @Test
    void startsWithoutADamagedCopy() throws IOException {
        loaded();
        Path copy = folder.resolve("assignments.copy");
        byte[] octets = Files.readAllBytes(copy);
        for (int at = 0; at < octets.length; at += 7) {
            byte[] damaged = octets.clone();
            damaged[at] ^= 1;
            Files.write(copy, damaged);

            assertThat(book().status().source()).as("octet %d", at).isEqualTo(Source.NONE);
        }
        Files.write(copy, Arrays.copyOf(octets, octets.length - 1));
        assertThat(book().status().source()).isEqualTo(Source.NONE);
    }

    @Test
    void keepsTheCopyWhenNothingChanged() throws IOException {
        AssignmentBook book = loaded();
        Files.delete(folder.resolve("assignments.copy"));
        Assignments before = book.current();

        book.load(table.iterator());

        assertThat(book.current()).isSameAs(before);
        assertThat(folder.resolve("assignments.copy")).doesNotExist();
    }

    @Test
    void keepsTheIdsOfSubscribersAcrossReloads() {
        AssignmentBook book = loaded();
        int anna = column(book, "10.0.0.1");
        table.clear();
        row("", "10.0.0.0/24", "bert", "", "2026-01-01 00:00:00", null);
        row("", "10.0.0.9", "anna", "", "2026-01-01 00:00:00", null);

        book.load(table.iterator());

        assertThat(column(book, "10.0.0.9")).isEqualTo(anna);
        assertThat(holder(book, "10.0.0.1")).isEqualTo(new Subscriber("bert", ""));
        assertThat(book.current().registry().subscriber(anna)).isEqualTo(new Subscriber("anna", ""));
    }

    @Test
    void takesUpOtherHomeNetworksWithTheAssignmentsItHas() {
        loaded();

        AssignmentBook changed = book("192.0.2.0/24");

        assertThat(column(changed, "10.9.9.9")).isEqualTo(Subscribers.NO_SUBSCRIBER);
        assertThat(column(changed, "192.0.2.1")).isEqualTo(Subscribers.UNMATCHED_HOME);
        assertThat(holder(changed, "10.0.0.1")).isEqualTo(new Subscriber("anna", ""));
    }

    @Test
    void offersTheStageOnceTheOutcomeIsKnown() {
        AssignmentBook book = book();
        assertThat(outcomesKnown).isZero();

        book.failed("database away");

        assertThat(outcomesKnown).isEqualTo(1);
        book.load(table.iterator());
        assertThat(outcomesKnown).isGreaterThan(1);
        outcomesKnown = 0;
        book();
        assertThat(outcomesKnown).as("by the copy").isEqualTo(1);
    }

    @Test
    void asksForTimesAsText() {
        assertThat(book().statement())
                .isEqualTo("SELECT realm, prefix, account_id, service_id, CAST(valid_from AS CHAR) AS valid_from,"
                        + " CAST(valid_to AS CHAR) AS valid_to FROM ip_assignment");
    }

    private AssignmentBook loaded() {
        AssignmentBook book = book();
        row("", "10.0.0.1/32", "anna", "", "2026-01-01 00:00:00", null);
        book.load(table.iterator());
        return book;
    }

    private AssignmentBook book() {
        return book("10.0.0.0/8");
    }

    private AssignmentBook book(String homeNetwork) {
        SubscriberSettings settings = new SubscriberSettings(List.of(Prefix.parse(homeNetwork)), 400);
        return new AssignmentBook(settings, folder, () -> NOW, () -> outcomesKnown++);
    }

    private void row(String realm, String prefix, String account, String service, String from, String to) {
        Map<String, Object> row = new HashMap<>();
        row.put("realm", realm);
        row.put("prefix", prefix);
        row.put("account_id", account);
        row.put("service_id", service);
        row.put("valid_from", from);
        row.put("valid_to", to);
        table.add(row);
    }

    private static Subscriber holder(AssignmentBook book, String address) {
        return book.current().registry().subscriber(column(book, address));
    }

    private static int column(AssignmentBook book, String address) {
        Address parsed = Address.parse(address);
        Assignments current = book.current();
        long at = NOW.toEpochMilli();
        return current.holder(current.table(""), parsed.high(), parsed.low(), at, at);
    }
}
