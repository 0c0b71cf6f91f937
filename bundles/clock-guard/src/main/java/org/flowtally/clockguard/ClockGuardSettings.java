// SPDX-License-Identifier: Apache-2.0
package org.flowtally.clockguard;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flowtally.lib.lookup.MalformedPrefix;
import org.flowtally.lib.report.ConfigurationValues;

/**
 * The checked configuration of the clock guard.
 *
 * @param futureToleranceMillis how far behind its arrival a flow may end
 * @param ageMaxMillis how long before its arrival a flow may have ended
 * @param ageAction what becomes of older ones
 * @param durationMaxMillis how long a flow may have lasted; accounting splits up to 24 days exactly
 * @param durationAction what becomes of longer ones
 * @param reversedAction what becomes of those that end before they start
 * @param missingAction what becomes of those without times
 * @param limits what is taken for an error of a clock
 * @param policies the policies of single exporters
 * @param quarantineMaxMillis how long flows are held back
 * @param quarantineMaxRows how many flows are held back
 * @param eventPauseMillis how long nothing is told of an exporter after an event
 * @param ntp whom this host asks for the time
 */
record ClockGuardSettings(
        long futureToleranceMillis,
        long ageMaxMillis,
        AgeAction ageAction,
        long durationMaxMillis,
        DurationAction durationAction,
        ReversedAction reversedAction,
        MissingAction missingAction,
        ClockEstimate.Limits limits,
        ExporterPolicies policies,
        long quarantineMaxMillis,
        int quarantineMaxRows,
        long eventPauseMillis,
        Ntp ntp) {
    static final String PID = "org.flowtally.clockguard";

    private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");
    private static final Pattern SERVER = Pattern.compile(
            "(?:\\[([0-9A-Fa-f:.]+)]|([0-9A-Za-z][0-9A-Za-z.-]*)|([0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*))"
                    + "(?:(?<!:):(\\d{1,5}))?");
    private static final int NTP_PORT = 123;
    private static final int MOST_PORT = 65_535;

    /** What becomes of flows that are too old. */
    enum AgeAction {
        DISCARD,
        ARRIVAL,
        COUNT
    }

    /** What becomes of flows that last too long. */
    enum DurationAction {
        END,
        CUT,
        DISCARD
    }

    /** What becomes of flows that end before they start. */
    enum ReversedAction {
        END,
        SWAP,
        DISCARD
    }

    /** What becomes of flows without times. */
    enum MissingAction {
        ARRIVAL,
        DISCARD
    }

    /**
     * Whom this host asks for the time.
     *
     * @param servers host names or addresses, with their port, unresolved
     * @param interval how often they are asked
     * @param timeout how long an answer is waited for
     * @param toleranceMillis how far off this host may be
     */
    record Ntp(List<InetSocketAddress> servers, Duration interval, Duration timeout, long toleranceMillis) {}

    static ClockGuardSettings of(ClockGuardConfig config, Map<String, ?> given) {
        ConfigurationValues values = new ConfigurationValues(PID, ClockGuardConfig.class, given);
        return new ClockGuardSettings(
                seconds(values.number("future.tolerance.seconds", config::future_tolerance_seconds, 0, 86_400)),
                TimeUnit.HOURS.toMillis(values.number("age.max.hours", config::age_max_hours, 1, 876_000)),
                word(values, "age.action", config.age_action(), AgeAction::valueOf, "discard, arrival or count"),
                TimeUnit.HOURS.toMillis(values.number("duration.max.hours", config::duration_max_hours, 1, 576)),
                word(
                        values,
                        "duration.action",
                        config.duration_action(),
                        DurationAction::valueOf,
                        "end, cut or discard"),
                word(
                        values,
                        "reversed.action",
                        config.reversed_action(),
                        ReversedAction::valueOf,
                        "end, swap or discard"),
                word(values, "missing.action", config.missing_action(), MissingAction::valueOf, "arrival or discard"),
                new ClockEstimate.Limits(
                        seconds(values.number("skew.tolerance.seconds", config::skew_tolerance_seconds, 1, 3_600)),
                        seconds(values.number("learning.seconds", config::learning_seconds, 2, 3_600))),
                policies(values, words(config.exporter_policies())),
                seconds(values.number("quarantine.max.seconds", config::quarantine_max_seconds, 1, 3_600)),
                values.number("quarantine.max.rows", config::quarantine_max_rows, 0, 10_000_000),
                TimeUnit.MINUTES.toMillis(values.number("event.pause.minutes", config::event_pause_minutes, 0, 10_080)),
                new Ntp(
                        servers(values, words(config.ntp_servers())),
                        Duration.ofSeconds(
                                values.number("ntp.interval.seconds", config::ntp_interval_seconds, 1, 86_400)),
                        Duration.ofMillis(values.number("ntp.timeout.millis", config::ntp_timeout_millis, 10, 10_000)),
                        values.number("ntp.tolerance.millis", config::ntp_tolerance_millis, 10, 60_000)));
    }

    private static long seconds(int number) {
        return TimeUnit.SECONDS.toMillis(number);
    }

    private static <T> T word(
            ConfigurationValues values, String key, String text, Function<String, T> meaning, String allowed) {
        try {
            return meaning.apply(text.strip().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            throw values.refused(key, allowed);
        }
    }

    private static ExporterPolicies policies(ConfigurationValues values, List<String> words) {
        try {
            return ExporterPolicies.parse(words);
        } catch (MalformedPrefix malformed) {
            throw values.refused("exporter.policies", malformed.text() + ": " + malformed.reason());
        } catch (IllegalArgumentException wrong) {
            throw values.refused(
                    "exporter.policies",
                    "ADDRESS=discard, =correct, =arrival or =quarantine with commas between, each address once");
        }
    }

    private static List<InetSocketAddress> servers(ConfigurationValues values, List<String> words) {
        List<InetSocketAddress> servers = new ArrayList<>();
        for (String word : words) {
            Matcher server = SERVER.matcher(word);
            int port = server.matches() && server.group(4) != null ? Integer.parseInt(server.group(4)) : NTP_PORT;
            if (!server.matches() || port < 1 || port > MOST_PORT) {
                throw values.refused("ntp.servers", "HOST or HOST:PORT with commas between, IPv6 as [ADDRESS]:PORT");
            }
            String host = server.group(1) != null ? server.group(1) : word;
            if (server.group(2) != null) {
                host = server.group(2);
            }
            servers.add(InetSocketAddress.createUnresolved(host, port));
        }
        return List.copyOf(servers);
    }

    /** A cfg file gives a list as one text. */
    private static List<String> words(String[] texts) {
        return Arrays.stream(texts)
                .flatMap(SEPARATOR::splitAsStream)
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
