// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.Quality;

/**
 * Learns sampling rates, the time of boot and names of interfaces from options records, and gives flow records their rate. In order: what the
 * record itself says, the sampler it names, the interface it came in by, what holds for the whole exporter. What its domain
 * was not told is taken from other domains of its address, where they agree.
 */
final class Sampler {
    private static final String DATA = "data";
    private static final String OPTIONS = "options";
    private static final String OTHER_DOMAIN = "other-domain";

    /** Reads the records of an options data set that was counted before. */
    void learn(Template template, byte[] octets, int from, int end, TemplateMemory memory, Scratch scratch) {
        RecordPlan plan = template.plan();
        SamplingFields fields = plan.sampling();
        int at = from;
        while (end - at >= template.leastOctets()) {
            int length = template.isFixed()
                    ? template.leastOctets()
                    : template.locate(octets, at, end, scratch.starts, scratch.widths);
            if (length == Template.BROKEN) {
                return; // Counted before; it cannot be.
            }
            memory.space().increment(TemplateCounter.OPTIONS);
            if (plan.boot() >= 0) {
                memory.bootMillis(plan.read(octets, at, scratch, plan.boot()));
            }
            if (fields.hasRate()) {
                learn(fields, octets, at, memory, scratch);
            }
            if (plan.namesInterfaces()) {
                plan.nameInterface(octets, at, scratch, memory);
            }
            at += length;
        }
    }

    private static void learn(SamplingFields fields, byte[] octets, int at, TemplateMemory memory, Scratch scratch) {
        int told = fields.rate(octets, at, scratch);
        if (told == SamplingFields.IMPLAUSIBLE) {
            return; // As if nobody had told.
        }
        int rate = Math.max(1, told); // 0 is how some say that nothing is sampled.
        if (fields.hasSampler()) {
            memory.tellRate(SamplingTable.keyOfSampler(fields.sampler(octets, at, scratch)), rate);
        } else if (fields.hasInterface()) {
            memory.tellRate(SamplingTable.keyOfInterface(fields.networkInterface(octets, at, scratch)), rate);
        } else {
            memory.tellCommonRate(rate);
            if (fields.areOfSystem()) {
                memory.tellRate(SamplingTable.keyOfSystem(), rate);
            }
        }
    }

    /** Gives rows their rate; where a record names a sampler that nobody told about, its rate is unknown. */
    void apply(
            RecordPlan plan,
            byte[] octets,
            int at,
            int stride,
            int records,
            TemplateMemory memory,
            FlowBatch flows,
            int row,
            Scratch scratch) {
        SamplingFields fields = plan.sampling();
        SamplingTable table = memory.sampling();
        if (!fields.hasRate()
                && !fields.hasSampler()
                && table.common() <= 1
                && !table.hasInterfaces()
                && !memory.siblings().haveRates()) {
            return;
        }
        for (int index = 0; index < records; index++) {
            apply(fields, octets, at + index * stride, memory, flows, row + index, scratch);
        }
    }

    private static void apply(
            SamplingFields fields,
            byte[] octets,
            int at,
            TemplateMemory memory,
            FlowBatch flows,
            int row,
            Scratch scratch) {
        int rate = fields.hasRate() ? fields.rate(octets, at, scratch) : SamplingFields.UNKNOWN;
        if (rate == SamplingFields.IMPLAUSIBLE) {
            flows.addQuality(row, Quality.RATE_UNKNOWN);
            memory.rateUnknown();
            return;
        }
        if (rate != SamplingFields.UNKNOWN) {
            give(memory, flows, row, rate, DATA);
            return;
        }
        SamplingTable table = memory.sampling();
        SamplingTable others = memory.siblings().agreed();
        if (fields.hasSampler()) {
            long sampler = fields.sampler(octets, at, scratch);
            rate = table.ofSampler(sampler);
            int elsewhere = others.ofSampler(sampler);
            if (rate == SamplingFields.UNKNOWN && elsewhere > SamplingFields.UNKNOWN) {
                give(memory, flows, row, elsewhere, OTHER_DOMAIN);
                return;
            }
            if (rate == SamplingFields.UNKNOWN && sampler == 0) {
                rate = 1; // No sampler took it.
            } else if (rate == SamplingFields.UNKNOWN && table.common() == SamplingFields.UNKNOWN) {
                flows.addQuality(row, Quality.RATE_UNKNOWN);
                memory.rateUnknown();
                return;
            }
        }
        long input = Integer.toUnsignedLong(flows.inputInterface(row));
        if (rate == SamplingFields.UNKNOWN) {
            rate = table.ofInterface(input);
        }
        if (rate == SamplingFields.UNKNOWN) {
            rate = table.common();
        }
        if (rate != SamplingFields.UNKNOWN) {
            give(memory, flows, row, rate, OPTIONS);
            return;
        }
        rate = others.ofInterface(input);
        if (rate == SamplingFields.UNKNOWN) {
            rate = others.system();
        }
        if (rate > SamplingFields.UNKNOWN) {
            give(memory, flows, row, rate, OTHER_DOMAIN);
        } else if (rate == SamplingFields.AMBIGUOUS) {
            flows.addQuality(row, Quality.RATE_UNKNOWN);
            memory.rateUnknown();
        }
    }

    private static void give(TemplateMemory memory, FlowBatch flows, int row, int rate, String origin) {
        if (rate > 1) {
            flows.samplingRate(row, rate);
        }
        memory.applied(rate, origin);
    }
}
