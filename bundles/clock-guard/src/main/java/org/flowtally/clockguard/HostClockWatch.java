// SPDX-License-Identifier: Apache-2.0
package org.flowtally.clockguard;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.flowtally.api.clock.HostClock;
import org.flowtally.api.clock.HostClockState;
import org.flowtally.lib.report.EventLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This host's own clock, as the time servers see it. Of several the one in the middle is believed, so that one that is wrong does
 * no harm. That the host is off is believed when it shows twice in a row. Asked by one thread, read by any.
 */
final class HostClockWatch {
    private static final Logger LOG = LoggerFactory.getLogger(HostClockWatch.class);
    private static final Duration CONFIRMATION = Duration.ofSeconds(4);
    private static final int SILENT_ROUNDS = 3;

    private final ClockGuardSettings.Ntp settings;
    private final InstantSource clock;
    private final EventLog events;
    private final AtomicReference<HostClock> kept;
    private final NtpQuestion question;
    private final long refusedBefore;
    private volatile HostClock status;
    private volatile long errorMillis;
    private long askedAtMillis;
    private long nextAtMillis;
    private int roundsOff;
    private int roundsSilent;

    /**
     * Goes on with what is known.
     *
     * @param kept outlives this object; empty at first
     */
    HostClockWatch(
            ClockGuardSettings.Ntp settings, InstantSource clock, EventLog events, AtomicReference<HostClock> kept) {
        this.settings = settings;
        this.clock = clock;
        this.events = events;
        this.kept = kept;
        this.question = new NtpQuestion(clock);
        HostClock before = kept.get();
        if (before == null || before.serversAsked() == 0 || settings.servers().isEmpty()) {
            refusedBefore = 0;
            status = nothingKnown(
                    before != null && before.state() == HostClockState.UNKNOWN ? before.since() : clock.instant());
            kept.set(status);
        } else {
            refusedBefore = before.answersRefused();
            status = before;
            errorMillis = before.state() == HostClockState.DRIFTING ? before.offsetMillis() : 0;
        }
    }

    private HostClock nothingKnown(Instant since) {
        return new HostClock(
                HostClockState.UNKNOWN,
                since,
                "",
                0,
                0,
                0,
                0,
                settings.servers().size(),
                0,
                Optional.empty(),
                settings.servers().isEmpty() ? "no ntp.servers in org.flowtally.clockguard.cfg" : "not asked yet");
    }

    HostClock status() {
        return status;
    }

    /**
     * Returns by how much this host is known to be ahead, in milliseconds, negative if it is behind; 0 if nothing is known to
     * be wrong.
     */
    long errorMillis() {
        return errorMillis;
    }

    boolean isDue() {
        long now = clock.millis();
        return !settings.servers().isEmpty()
                && (now >= nextAtMillis || now < askedAtMillis); // It may have been set back.
    }

    void ask() {
        askedAtMillis = clock.millis();
        List<NtpQuestion.Answer> answers = new ArrayList<>();
        String failure = "";
        for (InetSocketAddress server : settings.servers()) {
            int refusedSoFar = question.refused();
            try {
                Optional<NtpQuestion.Answer> answer = question.ask(server, settings.timeout());
                answer.ifPresent(answers::add);
                failure = answer.isPresent() ? failure : silent(server, question.refused() > refusedSoFar);
            } catch (IOException unreachable) {
                failure = server.getHostString() + ": " + reason(unreachable);
            }
        }
        take(answers, failure);
        boolean isToBeConfirmed = roundsOff == 1;
        Duration pause =
                isToBeConfirmed && settings.interval().compareTo(CONFIRMATION) > 0 ? CONFIRMATION : settings.interval();
        nextAtMillis = clock.millis() + pause.toMillis();
    }

    private static String silent(InetSocketAddress server, boolean hasRefused) {
        return server.getHostString()
                + (hasRefused
                        ? " answers nothing that can be believed: it is not synchronised itself, asks to be left alone, or it is forged"
                        : " does not answer");
    }

    /** That nobody listens at a port comes without a message. */
    private static String reason(IOException unreachable) {
        String message = unreachable.getMessage();
        return message != null ? message : unreachable.getClass().getSimpleName();
    }

    private void take(List<NtpQuestion.Answer> answers, String failure) {
        HostClock before = status;
        if (answers.isEmpty()) {
            roundsSilent++;
            boolean isForgotten = roundsSilent >= SILENT_ROUNDS || before.state() == HostClockState.UNKNOWN;
            HostClockState state = isForgotten ? HostClockState.UNKNOWN : before.state();
            change(before, before, state, 0, failure);
            return;
        }
        roundsSilent = 0;
        NtpQuestion.Answer answer = middle(answers);
        boolean isOff = Math.abs(answer.offsetMillis()) > settings.toleranceMillis() + answer.delayMillis() / 2;
        roundsOff = isOff ? roundsOff + 1 : 0;
        HostClockState state = !isOff
                ? HostClockState.SYNCHRONISED
                : roundsOff > 1 || before.state() == HostClockState.DRIFTING ? HostClockState.DRIFTING : before.state();
        HostClock now = new HostClock(
                state,
                before.since(),
                answer.server(),
                answer.offsetMillis(),
                answer.delayMillis(),
                answer.stratum(),
                answers.size(),
                settings.servers().size(),
                0,
                Optional.of(clock.instant()),
                "");
        change(before, now, state, answers.size(), failure);
    }

    /** Of an even number the quicker one of the two in the middle. */
    private static NtpQuestion.Answer middle(List<NtpQuestion.Answer> answers) {
        answers.sort(Comparator.comparingLong(NtpQuestion.Answer::offsetMillis));
        NtpQuestion.Answer lower = answers.get((answers.size() - 1) / 2);
        NtpQuestion.Answer upper = answers.get(answers.size() / 2);
        return lower.delayMillis() <= upper.delayMillis() ? lower : upper;
    }

    private void change(HostClock before, HostClock figures, HostClockState state, int answered, String failure) {
        boolean isNews = before.state() != state;
        String message = state == HostClockState.DRIFTING
                ? "this host's clock is off by %+d ms: set it by NTP, exporters cannot be judged by it"
                        .formatted(figures.offsetMillis())
                : failure;
        HostClock now = new HostClock(
                state,
                isNews ? clock.instant() : before.since(),
                figures.server(),
                figures.offsetMillis(),
                figures.delayMillis(),
                figures.stratum(),
                answered,
                settings.servers().size(),
                refusedBefore + question.refused(),
                figures.lastAnswer(),
                message);
        status = now;
        kept.set(now);
        errorMillis = state == HostClockState.DRIFTING ? figures.offsetMillis() : 0;
        if (isNews) {
            tell(before.state(), now);
        }
    }

    private void tell(HostClockState before, HostClock now) {
        String facts = "state=%s, offsetMillis=%d, delayMillis=%d, stratum=%d, server=%s"
                .formatted(now.state(), now.offsetMillis(), now.delayMillis(), now.stratum(), now.server());
        if (now.state() == HostClockState.DRIFTING) {
            LOG.error("this host's clock is off, exporters cannot be judged by it: {}", facts);
            events.tell(clock.millis(), 0, "host-clock", "host", facts);
        } else if (before == HostClockState.DRIFTING) {
            LOG.info("this host's clock is judged anew: {}", facts);
            events.tell(clock.millis(), 0, "host-clock", "host", facts);
        } else {
            LOG.info("this host's clock: {}", facts);
        }
    }
}
