// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.endpoint;

/**
 * What is known of one endpoint at one moment. Counters run from the start of the listener.
 *
 * @param endpoint the configuration in force
 * @param state whether the socket is open
 * @param message why it is not open, or a warning such as a receive buffer smaller than asked; empty if all is well
 * @param datagrams datagrams read from the socket, or messages read from connections; a refused connection counts as one of
 *     no octets
 * @param octets payload octets read from the socket or its connections
 * @param oversized datagrams larger than the largest that is taken; dropped and counted here
 * @param handOffLost datagrams read but lost because the hand-off to the working thread was full
 * @param kernelDrops datagrams that the kernel dropped because the receive buffer was full; -1 where the kernel does not say
 * @param receiveBufferGrantedOctets the receive buffer that the kernel granted
 * @param handlerErrors failures caught in the receiving handler
 * @param connections its connections, where its transport has them
 */
public record EndpointStatus(
        Endpoint endpoint,
        State state,
        String message,
        long datagrams,
        long octets,
        long oversized,
        long handOffLost,
        long kernelDrops,
        int receiveBufferGrantedOctets,
        long handlerErrors,
        ConnectionCounts connections) {
    /** Whether an endpoint's socket is open. */
    public enum State {
        /** The socket is being opened. */
        STARTING,
        /** The socket is open and datagrams are taken. */
        OPEN,
        /** The socket could not be opened; the message says why. */
        FAILED
    }
}
