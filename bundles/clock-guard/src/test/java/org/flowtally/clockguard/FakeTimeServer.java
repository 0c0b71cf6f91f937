// SPDX-License-Identifier: Apache-2.0
package org.flowtally.clockguard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A time server on loopback that answers as a test wants it to. */
final class FakeTimeServer implements AutoCloseable {
    private static final long NTP_EPOCH_SECONDS = 2_208_988_800L;

    private final DatagramSocket socket;
    private final Thread thread = new Thread(this::serve, "fake-time-server");
    private final AtomicInteger asked = new AtomicInteger();

    /** By how much it is ahead of this host. */
    volatile long aheadMillis;

    /** What it makes of an answer that would be right: the datagrams that it sends. */
    volatile Function<byte[], List<byte[]>> answers = List::of;

    FakeTimeServer() {
        try {
            socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (SocketException failure) {
            throw new UncheckedIOException(failure);
        }
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return socket.getLocalPort();
    }

    InetSocketAddress address() {
        return InetSocketAddress.createUnresolved("127.0.0.1", port());
    }

    int asked() {
        return asked.get();
    }

    private void serve() {
        try {
            while (true) {
                DatagramPacket question = new DatagramPacket(new byte[512], 512);
                socket.receive(question);
                asked.incrementAndGet();
                ByteBuffer answer = ByteBuffer.allocate(48);
                answer.put((byte) (4 << 3 | 4)).put((byte) 2).put((byte) 6).put((byte) -20);
                answer.putLong(24, ByteBuffer.wrap(question.getData()).getLong(40));
                answer.putLong(32, timestamp());
                answer.putLong(40, timestamp());
                for (byte[] datagram : new ArrayList<>(answers.apply(answer.array()))) {
                    socket.send(new DatagramPacket(datagram, datagram.length, question.getSocketAddress()));
                }
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private long timestamp() {
        long millis = Clock.systemUTC().millis() + aheadMillis;
        return (millis / 1000 + NTP_EPOCH_SECONDS) << 32 | (millis % 1000 << 32) / 1000;
    }

    /** Waits for the thread: while it is in {@code receive}, the kernel still takes datagrams for the port. */
    @Override
    public void close() {
        socket.close();
        try {
            thread.join(10_000);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
