// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Which source port of an exporter told which template, where several tell different ones with the same id. Empty with nearly
 * every exporter: a port is noted when it redefines what another one told.
 *
 * <p>One exporter that restarts comes from a new port and stays there. Two that are taken for one take turns: a port says
 * again what it said before, after another one said something else meanwhile. That is a {@link Clash}; while it lasts each
 * port has its own templates. Bounded, and charged like other templates. Owned by the working thread; {@link #clash()} may be
 * asked by any.
 */
final class PortTemplates {
    /** The port of a template that comes from disk. */
    static final int UNKNOWN_PORT = -1;
    /** How long a port that is not heard counts as there: routers repeat their templates every half hour at the latest. */
    static final long ALIVE_MILLIS = Duration.ofMinutes(35).toMillis();

    /** How many templates of ports are noted. */
    static final int MOST = 64;

    private final Predicate<Template> take;
    private final Consumer<Template> giveBack;
    private final Consumer<Template> keep;
    private final List<Told> all = new ArrayList<>(0);
    private volatile Clash clash = Clash.NONE;

    /**
     * Two exporters that are taken for one.
     *
     * @param template the id that both use
     * @param port a source port that says again what it said before
     * @param otherPort the one that said something else meanwhile
     */
    record Clash(int template, int port, int otherPort) {
        static final Clash NONE = new Clash(0, 0, 0);
    }

    /** What a port told last with an id, and when it was heard. */
    private static final class Told {
        private final int port;
        private Template template;
        private long heardAtMillis;

        private Told(int port, Template template, long heardAtMillis) {
            this.port = port;
            this.template = template;
            this.heardAtMillis = heardAtMillis;
        }
    }

    /**
     * Makes an empty list.
     *
     * @param take takes the room that a template needs
     * @param giveBack gives that room back
     * @param keep takes the templates of the port that is left after a clash: they are in force
     */
    PortTemplates(Predicate<Template> take, Consumer<Template> giveBack, Consumer<Template> keep) {
        this.take = take;
        this.giveBack = giveBack;
        this.keep = keep;
    }

    /** Returns what was recognised last, or {@link Clash#NONE} if there is nothing or no longer. */
    Clash clash() {
        return clash;
    }

    /** Returns whether each port has its own template with an id now. */
    boolean separates(int id) {
        return isClash() && knows(id);
    }

    @SuppressWarnings("ReferenceEquality") // Only one stands for none.
    boolean isClash() {
        return clash != Clash.NONE;
    }

    private boolean knows(int id) {
        for (int at = 0; at < all.size(); at++) {
            if (all.get(at).template.id() == id) {
                return true;
            }
        }
        return false;
    }

    /** Returns what a port told last with an id, or {@link Template#NONE}. */
    Template find(int id, int port) {
        for (int at = 0; at < all.size(); at++) {
            Told each = all.get(at);
            if (each.port == port && each.template.id() == id) {
                return each.template;
            }
        }
        return Template.NONE;
    }

    /** Takes notice that a port is there. Ends a clash whose other ports have gone. */
    void heard(int port, long nowMillis) {
        boolean isAnyGone = false;
        for (int at = 0; at < all.size(); at++) {
            Told each = all.get(at);
            if (each.port == port) {
                each.heardAtMillis = nowMillis;
            }
            isAnyGone |= isGone(each, nowMillis);
        }
        if (isAnyGone) {
            forgetGone(nowMillis);
        }
    }

    /** Takes notice that a port told a template that was known already. */
    void repeated(Template known, int port, long nowMillis) {
        if (!all.isEmpty()) {
            forgetGone(nowMillis);
            if (knows(known.id())) {
                put(port, known, nowMillis);
            }
        }
        known.toldBy(port);
    }

    /** Takes notice that a port told a template in place of another one. */
    void redefined(Template before, Template now, int port, long nowMillis) {
        forgetGone(nowMillis);
        int other = before.port();
        boolean isOtherThere =
                other != UNKNOWN_PORT && other != port && nowMillis - before.refreshedMillis() <= ALIVE_MILLIS;
        if (isOtherThere) {
            put(other, before, before.refreshedMillis());
        }
        boolean isBack = isOtherThere && find(now.id(), port).isLikeThat(now);
        if (knows(now.id())) {
            put(port, now, nowMillis);
        }
        if (isBack) {
            clash = new Clash(now.id(), port, other);
        }
    }

    /** Returns every template that is noted. */
    List<Template> templates() {
        return all.stream().map(each -> each.template).toList();
    }

    /** Forgets what a port told with an id. */
    void forget(int id, int port) {
        drop(each -> each.port == port && each.template.id() == id);
    }

    /** Forgets everything. */
    void clear() {
        drop(each -> true);
    }

    private void put(int port, Template template, long heardAtMillis) {
        for (Told each : all) {
            if (each.port == port && each.template.id() == template.id()) {
                replace(each, template, heardAtMillis);
                return;
            }
        }
        if (all.size() >= MOST) {
            all.stream()
                    .filter(each -> each.template.id() == template.id())
                    .min(Comparator.comparingLong(each -> each.heardAtMillis))
                    .ifPresent(silent -> forget(template.id(), silent.port));
        }
        if (all.size() < MOST && take.test(template)) {
            all.add(new Told(port, template, heardAtMillis));
        }
    }

    @SuppressWarnings("ReferenceEquality") // The same template costs nothing more.
    private void replace(Told told, Template template, long heardAtMillis) {
        told.heardAtMillis = Math.max(told.heardAtMillis, heardAtMillis);
        if (told.template == template) {
            return;
        }
        if (take.test(template)) {
            giveBack.accept(told.template);
            told.template = template;
        } else {
            forget(template.id(), told.port); // It holds no longer, whatever the new one is.
        }
    }

    private static boolean isGone(Told told, long nowMillis) {
        return nowMillis - told.heardAtMillis > ALIVE_MILLIS;
    }

    /** Forgets ports that are silent, and all of them where only one is left. */
    private void forgetGone(long nowMillis) {
        drop(each -> isGone(each, nowMillis));
        if (all.isEmpty() || all.stream().anyMatch(each -> each.port != all.get(0).port)) {
            return;
        }
        List<Template> left = isClash() ? templates() : List.of();
        clear();
        left.forEach(keep);
    }

    private void drop(Predicate<Told> which) {
        all.removeIf(each -> {
            boolean goes = which.test(each);
            if (goes) {
                giveBack.accept(each.template);
            }
            return goes;
        });
        if (all.isEmpty()) {
            clash = Clash.NONE;
        }
    }
}
