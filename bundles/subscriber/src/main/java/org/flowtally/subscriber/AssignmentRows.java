// SPDX-License-Identifier: Apache-2.0
package org.flowtally.subscriber;

import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flowtally.api.subscriber.Subscriber;
import org.flowtally.lib.lookup.MalformedPrefix;
import org.flowtally.lib.lookup.Prefix;

/** The rows of the table {@code ip_assignment} on their way to assignments; what cannot be used is counted and named. */
final class AssignmentRows {
    private static final int MOST_PROBLEMS_NAMED = 20;

    private final SubscriberDirectory directory;
    private final long historyMillis;
    private final Map<String, String> realms = new HashMap<>();
    private final List<Assignment> assignments = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private long skipped;

    /**
     * Begins with no rows.
     *
     * @param directory where subscribers get their ids
     * @param historyMillis an instant: what ended before is of no interest and left out
     */
    AssignmentRows(SubscriberDirectory directory, long historyMillis) {
        this.directory = directory;
        this.historyMillis = historyMillis;
    }

    /** Takes one row with the columns of the table. */
    void take(Map<String, ?> row) {
        String realm = text(row, "realm");
        String prefix = text(row, "prefix");
        String from = text(row, "valid_from");
        String to = text(row, "valid_to");
        take(realm, prefix, text(row, "account_id"), text(row, "service_id"), from, to);
    }

    private static String text(Map<String, ?> row, String column) {
        Object value = row.get(column);
        return value == null ? "" : value.toString();
    }

    private void take(String realm, String prefix, String account, String service, String from, String to) {
        try {
            long fromMillis = UtcText.millis(from);
            long toMillis = to.isEmpty() ? Assignment.OPEN : UtcText.millis(to);
            if (account.isEmpty()) {
                skip(realm, prefix, "account_id is empty");
            } else if (toMillis <= fromMillis) {
                skip(realm, prefix, "valid_to is not after valid_from: valid_from=%s, valid_to=%s".formatted(from, to));
            } else if (toMillis > historyMillis) {
                add(realm, Prefix.parse(prefix), new Subscriber(account, service), fromMillis, toMillis);
            }
        } catch (MalformedPrefix malformed) {
            skip(realm, prefix, malformed.reason());
        } catch (DateTimeException malformed) {
            skip(realm, prefix, String.valueOf(malformed.getMessage()));
        }
    }

    /** Takes one assignment as it was checked before. */
    void add(String realm, Prefix prefix, Subscriber subscriber, long fromMillis, long toMillis) {
        String oneRealm = realms.computeIfAbsent(realm, first -> first);
        assignments.add(new Assignment(oneRealm, prefix, directory.id(subscriber), fromMillis, toMillis));
    }

    private void skip(String realm, String prefix, String reason) {
        skipped++;
        if (problems.size() < MOST_PROBLEMS_NAMED) {
            problems.add("realm=%s, prefix=%s: %s".formatted(realm, prefix, reason));
        }
    }

    /** Returns the assignments in their order. */
    List<Assignment> sorted() {
        Collections.sort(assignments);
        return assignments;
    }

    long skipped() {
        return skipped;
    }

    List<String> problems() {
        return List.copyOf(problems);
    }
}
