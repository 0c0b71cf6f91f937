// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.sender;

import java.util.List;

/** A router that exports NetFlow v5: it keeps its uptime and flow sequence as a real one does. */
public final class V5Router {
    private final String address;
    private final int engineType;
    private final int engineId;
    private int samplingMode;
    private int samplingInterval;
    private long bootMillis;
    private long sequence;

    /**
     * Makes a router that has just booted.
     *
     * @param address the loopback address it sends from
     * @param engineType the engine's type
     * @param engineId the engine's id
     * @param bootMillis when it booted, milliseconds since 1970
     */
    public V5Router(String address, int engineType, int engineId, long bootMillis) {
        this.address = address;
        this.engineType = engineType;
        this.engineId = engineId;
        this.bootMillis = bootMillis;
    }

    /** Samples from now on as the header's field says. */
    public V5Router sampling(int mode, int interval) {
        samplingMode = mode;
        samplingInterval = interval;
        return this;
    }

    /** Returns the loopback address it sends from. */
    public String address() {
        return address;
    }

    /** Returns engine type and id as one number: the observation domain. */
    public int domain() {
        return (engineType << 8) | engineId;
    }

    /** Returns the sampling interval in its header, whatever the mode bits say. */
    public int samplingInterval() {
        return samplingInterval;
    }

    /** Boots anew: uptime and flow sequence begin at zero. */
    public void reboot(long atMillis) {
        bootMillis = atMillis;
        sequence = 0;
    }

    /** Counts flows that are never sent, so that the collector finds them missing. */
    public void lose(long flows) {
        sequence += flows;
    }

    /** Exports flows, at most 30, in one datagram. */
    public V5Datagram export(long atMillis, List<Flow> flows) {
        V5Datagram datagram = new V5Datagram()
                .uptimeMillis(atMillis - bootMillis)
                .exportedAtMillis(atMillis)
                .sequence(sequence)
                .engine(engineType, engineId)
                .sampling(samplingMode, samplingInterval);
        for (Flow flow : flows) {
            datagram.add(new V5Record()
                    .addresses(flow.source(), flow.destination())
                    .counters(flow.packets(), flow.octets())
                    .uptimes(flow.startMillis() - bootMillis, flow.endMillis() - bootMillis));
        }
        sequence += flows.size();
        return datagram;
    }
}
