// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.contract.corpus;

import org.flowtally.api.decode.ExporterMemory;
import org.flowtally.api.decode.ExporterState;
import org.flowtally.api.flow.Exporter;

/** An exporter that listens in on what its decoder tells it of one header. */
final class ToldHeader implements ExporterState {
    private final ExporterState exporter;
    private long sequence = -1;
    private int units = UNKNOWN_UNITS;
    private long uptimeMillis = -1;
    private long exportMillis = -1;

    ToldHeader(ExporterState exporter) {
        this.exporter = exporter;
    }

    @Override
    public Exporter exporter() {
        return exporter.exporter();
    }

    @Override
    public boolean sequence(long number, int grownBy, long uptime, long export) {
        sequence = number;
        units = grownBy;
        uptimeMillis = uptime;
        exportMillis = export;
        return exporter.sequence(number, grownBy, uptime, export);
    }

    @Override
    public boolean isDuplicate() {
        return exporter.isDuplicate();
    }

    @Override
    public void announcedSamplingRate(int rate) {
        exporter.announcedSamplingRate(rate);
    }

    @Override
    public ExporterMemory memory() {
        return exporter.memory();
    }

    long sequence() {
        return sequence;
    }

    int units() {
        return units;
    }

    long uptimeMillis() {
        return uptimeMillis;
    }

    long exportMillis() {
        return exportMillis;
    }
}
