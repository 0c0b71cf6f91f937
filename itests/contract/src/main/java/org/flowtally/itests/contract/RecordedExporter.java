// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.contract;

import java.util.ArrayList;
import java.util.List;
import org.flowtally.api.decode.ExporterMemory;
import org.flowtally.api.decode.ExporterState;
import org.flowtally.api.flow.Exporter;
import org.flowtally.lib.template.TemplateLimits;
import org.flowtally.lib.template.TemplateMemory;
import org.flowtally.lib.template.TemplateSpace;

/** An exporter that writes down what its decoder tells it. */
public final class RecordedExporter implements ExporterState {
    private final Exporter exporter;
    private final TemplateSpace space = new TemplateSpace(TemplateLimits.USUAL);
    private final ExporterMemory memory = new TemplateMemory(space);
    private final List<Header> headers = new ArrayList<>();
    private final List<Integer> samplingRates = new ArrayList<>();

    /** Makes an exporter that was told nothing. */
    public RecordedExporter(Exporter exporter) {
        this.exporter = exporter;
    }

    /**
     * What a decoder said of a datagram's header.
     *
     * @param sequence the sequence number
     * @param units by how much it grows
     * @param uptimeMillis the exporter's uptime
     * @param exportMillis the export time
     */
    public record Header(long sequence, int units, long uptimeMillis, long exportMillis) {}

    @Override
    public Exporter exporter() {
        return exporter;
    }

    @Override
    public boolean sequence(long sequence, int units, long uptimeMillis, long exportMillis) {
        headers.add(new Header(sequence, units, uptimeMillis, exportMillis));
        return false;
    }

    @Override
    public void announcedSamplingRate(int rate) {
        samplingRates.add(rate);
    }

    @Override
    public ExporterMemory memory() {
        return memory;
    }

    /** Returns what its memory shares with those of other exporters: rules and counters. */
    public TemplateSpace space() {
        return space;
    }

    /** Returns the headers told, in order. */
    public List<Header> headers() {
        return headers;
    }

    /** Returns the sampling rates told, in order. */
    public List<Integer> samplingRates() {
        return samplingRates;
    }
}
