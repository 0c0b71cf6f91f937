// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.sender;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/** A socket that sends datagrams from one loopback address to another. Not safe for use by two threads at once. */
public final class UdpSender implements AutoCloseable {
    private static final int MOST_OCTETS = 65_507;
    private static final int SEND_BUFFER_OCTETS = 1 << 20;

    private final DatagramChannel channel;
    private final InetSocketAddress target;
    private final ByteBuffer direct = ByteBuffer.allocateDirect(MOST_OCTETS);

    /**
     * Opens the socket. It is not connected, so that a closed port at the other end goes unnoticed, as with a router.
     *
     * @param fromAddress the source address, within 127.0.0.0/8
     * @param toAddress the target address, within 127.0.0.0/8
     * @param toPort the target port
     */
    public UdpSender(String fromAddress, String toAddress, int toPort) {
        try {
            InetAddress from = loopback(fromAddress);
            target = new InetSocketAddress(loopback(toAddress), toPort);
            channel = DatagramChannel.open();
            channel.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER_OCTETS);
            channel.bind(new InetSocketAddress(from, 0));
        } catch (IOException failure) {
            throw new UncheckedIOException("socket not opened: from=" + fromAddress, failure);
        }
    }

    /** Sends a payload. */
    public void send(byte[] payload) {
        direct.clear().put(payload).flip();
        send(direct);
    }

    /** Sends a payload, best from a direct buffer; its position moves to its limit. */
    void send(ByteBuffer payload) {
        try {
            int length = payload.remaining();
            int sent = channel.send(payload, target);
            if (sent != length) {
                throw new IOException("datagram not sent whole: length=" + length + ", sent=" + sent);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("datagram not sent: target=" + target, failure);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failure) {
            throw new UncheckedIOException("socket not closed", failure);
        }
    }

    private static InetAddress loopback(String address) throws UnknownHostException {
        InetAddress parsed = InetAddress.getByName(address);
        if (!parsed.isLoopbackAddress()) {
            throw new IllegalArgumentException("tests send over loopback only: address=" + address);
        }
        return parsed;
    }
}
