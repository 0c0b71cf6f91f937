// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.report;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What an operator should know of, on its way into the table {@code netflow_event}: any bundle tells, storage writes. Bounded
 * both ways: the same kind and subject speak once in a time that the teller names, and so many events wait for the database
 * at most; what finds no room is counted. Safe for use by several threads; not for the hot path.
 *
 * <pre>{@code
 * EventLog.SHARED.tell(clock.millis(), Duration.ofHours(1).toMillis(), "refused", "exporter=192.0.2.7", "datagrams=12");
 * }</pre>
 */
public final class EventLog {
    /** The log that storage writes from. It belongs to this library and outlives the bundles that tell and write. */
    public static final EventLog SHARED = new EventLog(1_000, 10_000);

    private final int mostWaiting;
    private final int mostKeys;
    private final Deque<Event> waiting = new ArrayDeque<>();
    private final Map<Key, Long> quietUntil = new LinkedHashMap<>(16, 0.75f, true);
    private long dropped;

    /**
     * An event.
     *
     * @param atMillis when it was told, milliseconds since 1970
     * @param kind a word, at most 32 letters
     * @param subject what it is about, as {@code name=value}, at most 255 letters
     * @param message the facts, as {@code name=value}, at most 1000 letters
     */
    public record Event(long atMillis, String kind, String subject, String message) {}

    private record Key(String kind, String subject) {}

    /**
     * Makes an empty log.
     *
     * @param mostWaiting how many events may wait
     * @param mostKeys of how many kinds and subjects it is remembered when they last spoke; beyond it the one that was quiet
     *     for longest is forgotten
     */
    public EventLog(int mostWaiting, int mostKeys) {
        this.mostWaiting = mostWaiting;
        this.mostKeys = mostKeys;
    }

    /**
     * Tells an event, unless its kind and subject spoke within the quiet time.
     *
     * @param nowMillis milliseconds since 1970
     * @param quietMillis for how long the same kind and subject then say nothing
     * @return whether it will be written
     */
    public synchronized boolean tell(long nowMillis, long quietMillis, String kind, String subject, String message) {
        Key key = new Key(kind, subject);
        Long until = quietUntil.get(key);
        // A clock set back ends the silence: it would last for hours otherwise.
        if (until != null && nowMillis < until && nowMillis >= until - quietMillis) {
            return false;
        }
        if (waiting.size() >= mostWaiting) {
            dropped++;
            return false;
        }
        quietUntil.put(key, nowMillis + quietMillis);
        if (quietUntil.size() > mostKeys) {
            Iterator<Key> oldest = quietUntil.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        waiting.addLast(new Event(nowMillis, kind, subject, message));
        return true;
    }

    /** Returns the events that wait, the oldest first, at most so many. */
    public synchronized List<Event> waiting(int most) {
        return waiting.stream().limit(most).toList();
    }

    /** Forgets events of {@link #waiting}: they are written. */
    public synchronized void written(List<Event> events) {
        List<Event> rest = new ArrayList<>(events);
        while (!rest.isEmpty() && Objects.equals(waiting.peekFirst(), rest.get(0))) {
            waiting.removeFirst();
            rest.remove(0);
        }
    }

    /** Returns how many events found no room. */
    public synchronized long dropped() {
        return dropped;
    }
}
