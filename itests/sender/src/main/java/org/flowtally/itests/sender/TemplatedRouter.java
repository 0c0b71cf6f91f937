// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.sender;

import java.util.List;

/**
 * A router that exports NetFlow v9 ({@link TemplateLayout#ROUTER}) or IPFIX ({@link TemplateLayout#FIREWALL}) in one domain:
 * it keeps its uptime and its sequence as a real one does, in v9 of datagrams and in IPFIX of data records.
 */
public final class TemplatedRouter {
    private static final TemplateLayout V9_OPTIONS = new TemplateLayout(
            261, 1, 4, TemplateLayout.SAMPLING_INTERVAL, 4, TemplateLayout.SAMPLING_ALGORITHM, 1); // Scope 1: system.
    private static final TemplateLayout IPFIX_OPTIONS =
            new TemplateLayout(257, TemplateLayout.METERING_PROCESS, 4, TemplateLayout.BOOT_MILLIS, 8);

    private final ExportVersion version;
    private final String address;
    private final long domain;
    private final TemplateLayout layout;
    private int samplingInterval = 1;
    private long bootMillis;
    private long sequence;

    /**
     * Makes a router that has just booted.
     *
     * @param version v9 or IPFIX
     * @param address the loopback address it sends from
     * @param domain its source id or observation domain, 0..2^32-1
     * @param bootMillis when it booted, milliseconds since 1970
     */
    public TemplatedRouter(ExportVersion version, String address, long domain, long bootMillis) {
        this(version, layoutOf(version), address, domain, bootMillis);
    }

    /** Makes a router with a template of its own. */
    public TemplatedRouter(ExportVersion version, TemplateLayout layout, String address, long domain, long bootMillis) {
        if (version == ExportVersion.V5) {
            throw new IllegalArgumentException("no templates in this version: version=" + version);
        }
        this.version = version;
        this.layout = layout;
        this.address = address;
        this.domain = domain;
        this.bootMillis = bootMillis;
    }

    /** Returns the template of a version. */
    static TemplateLayout layoutOf(ExportVersion version) {
        return version == ExportVersion.V9 ? TemplateLayout.ROUTER : TemplateLayout.FIREWALL;
    }

    /** Tells from now on in the options of v9 that one packet in so many is taken. */
    public TemplatedRouter sampling(int interval) {
        samplingInterval = interval;
        return this;
    }

    /** Returns the loopback address it sends from. */
    public String address() {
        return address;
    }

    /** Returns its source id or observation domain. */
    public long domain() {
        return domain;
    }

    /** Boots anew: uptime and sequence begin at zero. */
    public void reboot(long atMillis) {
        bootMillis = atMillis;
        sequence = 0;
    }

    /** Counts datagrams (v9) or records (IPFIX) that are never sent, so that the collector finds them missing. */
    public void lose(long units) {
        sequence += units;
    }

    /** Returns a datagram with its templates and options: the sampling interval in v9, the time of boot in IPFIX. */
    public byte[] templates(long atMillis) {
        TemplateLayout options = version == ExportVersion.V9 ? V9_OPTIONS : IPFIX_OPTIONS;
        byte[] octets = begin(atMillis)
                .template(layout)
                .options(options)
                .data(options, List.of(element -> switch (element) {
                    case TemplateLayout.BOOT_MILLIS -> bootMillis;
                    case TemplateLayout.SAMPLING_INTERVAL -> samplingInterval;
                    case TemplateLayout.SAMPLING_ALGORITHM -> 1;
                    default -> 0;
                }))
                .toOctets();
        sequence++; // A datagram in v9, the data record of the options in IPFIX.
        return octets;
    }

    /** Returns a datagram with flows. */
    public byte[] export(long atMillis, List<Flow> flows) {
        byte[] octets = begin(atMillis)
                .data(layout, TemplatedMessage.timed(flows, bootMillis))
                .toOctets();
        sequence += version == ExportVersion.V9 ? 1 : flows.size();
        return octets;
    }

    private TemplatedMessage begin(long atMillis) {
        return new TemplatedMessage(version, atMillis, atMillis - bootMillis, sequence, domain);
    }
}
