// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.flowtally.lib.report.CounterArray;

/**
 * What a version switch that goes leaves to the one that comes: every exporter with its sequence, counters, templates and
 * waiting data, and the counters of decoders. It lies in this library, which is not swapped with the version switch; what was lost while nobody decoded
 * still shows as a gap then, and what was not lost does not.
 *
 * @param exporters the exporters
 * @param space what their memories share
 * @param decoders what was counted of each version's decoder
 */
public record HandOver(ExporterTable exporters, TemplateSpace space, Map<Integer, CounterArray> decoders) {
    private static final AtomicReference<Optional<HandOver>> LEFT = new AtomicReference<>(Optional.empty());

    /** Leaves it to whoever comes next; whoever leaves must not touch it any more. */
    public void leave() {
        LEFT.set(Optional.of(this));
    }

    /** Takes what was left, once. */
    public static Optional<HandOver> take() {
        return LEFT.getAndSet(Optional.empty());
    }
}
