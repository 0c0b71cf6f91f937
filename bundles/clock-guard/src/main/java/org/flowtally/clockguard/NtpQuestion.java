// SPDX-License-Identifier: Apache-2.0
package org.flowtally.clockguard;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.apache.commons.net.ntp.NtpV3Impl;
import org.apache.commons.net.ntp.NtpV3Packet;
import org.apache.commons.net.ntp.TimeInfo;
import org.apache.commons.net.ntp.TimeStamp;

/**
 * One question to one time server (SNTP, RFC 4330 §5). The answer must come from the server that was asked, within the time, be 48
 * octets long, carry the timestamp of the question, which nobody else can guess, and be of a server that is synchronised
 * itself. Anything else is refused, counted, and not waited upon.
 */
final class NtpQuestion {
    private static final int PACKET_OCTETS = 48;
    private static final int BUFFER_OCTETS = 512;
    private static final int NTP_VERSION = 4;
    private static final int MOST_STRATUM = 15;
    private static final int LEAP_UNSYNCHRONISED = 3;
    /** What is less than half a millisecond of an NTP timestamp can be chosen at random. */
    private static final long RANDOM_BITS = (1L << 21) - 1;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final InstantSource clock;
    private int refused;

    NtpQuestion(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * What a server said.
     *
     * @param server who
     * @param offsetMillis by how much this host is ahead of it
     * @param delayMillis the way there and back
     * @param stratum how far it is from a reference clock
     */
    record Answer(String server, long offsetMillis, long delayMillis, int stratum) {}

    /** Returns how many answers were refused so far. */
    int refused() {
        return refused;
    }

    /**
     * Asks a server and waits for its answer.
     *
     * @return nothing if no answer that can be believed came in time
     * @throws IOException if the server cannot be reached at all
     */
    Optional<Answer> ask(InetSocketAddress server, Duration timeout) throws IOException {
        InetSocketAddress resolved = new InetSocketAddress(server.getHostString(), server.getPort());
        if (resolved.isUnresolved()) {
            throw new IOException("host name not known: " + server.getHostString());
        }
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(resolved); // The kernel lets datagrams of nobody else in.
            TimeStamp asked =
                    new TimeStamp(TimeStamp.getNtpTime(clock.millis()).ntpValue() ^ (RANDOM.nextLong() & RANDOM_BITS));
            socket.send(question(asked));
            long deadlineNanos = System.nanoTime() + timeout.toNanos();
            for (long left = timeout.toMillis(); left > 0; left = (deadlineNanos - System.nanoTime()) / 1_000_000) {
                socket.setSoTimeout((int) left);
                DatagramPacket packet = new DatagramPacket(new byte[BUFFER_OCTETS], BUFFER_OCTETS);
                socket.receive(packet);
                Optional<Answer> answer = read(packet, clock.millis(), asked, server.getHostString());
                if (answer.isPresent()) {
                    return answer;
                }
                refused++;
            }
        } catch (SocketTimeoutException late) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static DatagramPacket question(TimeStamp asked) {
        NtpV3Impl message = new NtpV3Impl();
        message.setMode(NtpV3Packet.MODE_CLIENT);
        message.setVersion(NTP_VERSION);
        message.setTransmitTime(asked);
        return message.getDatagramPacket();
    }

    private static Optional<Answer> read(DatagramPacket packet, long receivedMillis, TimeStamp asked, String server) {
        if (packet.getLength() != PACKET_OCTETS) {
            return Optional.empty();
        }
        NtpV3Impl message = new NtpV3Impl();
        message.setDatagramPacket(packet);
        boolean isAnswer = message.getMode() == NtpV3Packet.MODE_SERVER
                && message.getOriginateTimeStamp().equals(asked)
                && message.getStratum() >= 1
                && message.getStratum() <= MOST_STRATUM
                && message.getLeapIndicator() != LEAP_UNSYNCHRONISED
                && message.getReceiveTimeStamp().ntpValue() != 0
                && message.getTransmitTimeStamp().ntpValue() != 0
                && message.getTransmitTimeStamp().getTime()
                        >= message.getReceiveTimeStamp().getTime();
        if (!isAnswer) {
            return Optional.empty();
        }
        TimeInfo details = new TimeInfo(message, receivedMillis);
        details.computeDetails();
        Long offset = details.getOffset();
        Long delay = details.getDelay();
        return offset == null || delay == null
                ? Optional.empty()
                : Optional.of(new Answer(server, -offset, Math.max(0, delay), message.getStratum()));
    }
}
