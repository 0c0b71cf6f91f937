// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import java.util.List;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;

/**
 * What is kept of an exporter on disk, so that its data can be read after a restart before its templates come again.
 *
 * @param exporter who it is
 * @param sequence the last sequence number it sent
 * @param headerBootMillis when it booted, by its headers; or {@link FlowBatch#NO_UPTIME}
 * @param learned its templates and what it told in options
 */
public record RememberedExporter(Exporter exporter, int sequence, long headerBootMillis, Learned learned) {
    /**
     * What an exporter told, as it stood at one moment; never changed.
     *
     * @param templates its templates
     * @param rates keys and rates of its samplers and interfaces, in turn
     * @param commonRate the rate of all the rest
     * @param bootMillis when it booted, by its options; or {@link FlowBatch#NO_UPTIME}
     * @param interfaces names of its interfaces
     */
    record Learned(
            List<Template> templates,
            List<Long> rates,
            int commonRate,
            long bootMillis,
            List<InterfaceName> interfaces) {
        /** What an exporter that said nothing told. */
        static final Learned NOTHING =
                new Learned(List.of(), List.of(), SamplingFields.UNKNOWN, FlowBatch.NO_UPTIME, List.of());

        boolean isNothing() {
            return equals(NOTHING);
        }
    }
}
