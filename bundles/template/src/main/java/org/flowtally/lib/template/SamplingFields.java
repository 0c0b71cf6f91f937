// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

/**
 * Where a template says how packets were sampled, in any of the forms that exporters use. In order: n of N packets, n packets
 * and then a space, one packet in so many (two elements), a probability.
 *
 * <p>RouterOS sends the last octet of a number first, so that 1 looks like 16,777,216. A number of four octets that is beyond any
 * rate is read in that order; one that looks like a rate in both orders is taken as it stands.
 */
final class SamplingFields {
    /** What {@link #rate} answers if the record says nothing. */
    static final int UNKNOWN = 0;
    /** What {@link #rate} answers if the record says what cannot be. */
    static final int IMPLAUSIBLE = -2;
    /** Stands for a rate that domains of one address tell differently. */
    static final int AMBIGUOUS = -1;

    /** Nobody samples less than one packet in so many. */
    private static final int MOST_RATE = 0xFF_FFFF;

    private static final int V9_SCOPE_SYSTEM = 1;
    private static final int V9_SCOPE_INTERFACE = 2;

    private final RecordPlan plan;
    private final int size;
    private final int population;
    private final int packetInterval;
    private final int packetSpace;
    private final int interval;
    private final int samplerInterval;
    private final int probability;
    private final int sampler;
    private final int networkInterface;
    private final boolean isOfSystem;

    SamplingFields(RecordPlan plan, Template template) {
        this.plan = plan;
        size = template.find(Element.SAMPLING_SIZE);
        population = template.find(Element.SAMPLING_POPULATION);
        packetInterval = template.find(Element.SAMPLING_PACKET_INTERVAL);
        packetSpace = template.find(Element.SAMPLING_PACKET_SPACE);
        interval = template.find(Element.SAMPLING_INTERVAL);
        samplerInterval = template.find(Element.SAMPLER_INTERVAL);
        probability = template.find(Element.SAMPLING_PROBABILITY);
        int samplerId = template.find(Element.SAMPLER_ID);
        sampler = samplerId >= 0 ? samplerId : template.find(Element.SELECTOR_ID);
        int scope = template.find(Element.V9_SCOPE | V9_SCOPE_INTERFACE);
        networkInterface = scope >= 0 ? scope : template.find(Element.INGRESS_INTERFACE);
        isOfSystem = template.scopes() > 0 && isSystem(template.element(0));
    }

    /** Whether a scope is the whole exporter, and not one of its domains, line cards or caches. */
    private static boolean isSystem(int scope) {
        return scope == (Element.V9_SCOPE | V9_SCOPE_SYSTEM)
                || scope == Element.EXPORTER_IPV4
                || scope == Element.EXPORTER_IPV6
                || scope == Element.EXPORTING_PROCESS;
    }

    /** Returns whether options hold for the whole exporter, whatever domain they come under. */
    boolean areOfSystem() {
        return isOfSystem;
    }

    /** Returns whether records say a rate of their own. */
    boolean hasRate() {
        return (size >= 0 && population >= 0)
                || packetInterval >= 0
                || interval >= 0
                || samplerInterval >= 0
                || probability >= 0;
    }

    /** Returns whether records name a sampler. */
    boolean hasSampler() {
        return sampler >= 0;
    }

    /** Returns whether records name an interface. */
    boolean hasInterface() {
        return networkInterface >= 0;
    }

    /** Returns the sampler that a record names. */
    long sampler(byte[] octets, int recordAt, Scratch scratch) {
        return plan.read(octets, recordAt, scratch, sampler);
    }

    /** Returns the interface that a record names. */
    long networkInterface(byte[] octets, int recordAt, Scratch scratch) {
        return plan.read(octets, recordAt, scratch, networkInterface);
    }

    /** Returns the rate that a record says, {@link #UNKNOWN} or {@link #IMPLAUSIBLE}. */
    int rate(byte[] octets, int recordAt, Scratch scratch) {
        long rate = 0;
        if (size >= 0 && population >= 0) {
            rate = quotient(
                    plan.read(octets, recordAt, scratch, population), plan.read(octets, recordAt, scratch, size));
        }
        if (rate == 0 && packetInterval >= 0) {
            rate = packetSpace < 0
                    ? number(octets, recordAt, scratch, packetInterval)
                    : ofSpaces(octets, recordAt, scratch);
        }
        if (rate == 0 && interval >= 0) {
            rate = number(octets, recordAt, scratch, interval);
        }
        if (rate == 0 && samplerInterval >= 0) {
            rate = number(octets, recordAt, scratch, samplerInterval);
        }
        if (rate == 0 && probability >= 0) {
            rate = ofProbability(octets, recordAt, scratch);
        }
        return rate < 0 || rate > MOST_RATE ? IMPLAUSIBLE : (int) rate;
    }

    private long number(byte[] octets, int recordAt, Scratch scratch, int field) {
        long number = plan.read(octets, recordAt, scratch, field);
        return isReversed(number, scratch, field) ? reversed(number) : number;
    }

    private long ofSpaces(byte[] octets, int recordAt, Scratch scratch) {
        long taken = plan.read(octets, recordAt, scratch, packetInterval);
        long skipped = plan.read(octets, recordAt, scratch, packetSpace);
        if (isReversed(taken, scratch, packetInterval) && plan.width(scratch, packetSpace) == Integer.BYTES) {
            taken = reversed(taken);
            skipped = reversed(skipped);
        }
        return quotient(taken + skipped, taken);
    }

    private boolean isReversed(long number, Scratch scratch, int field) {
        return number > MOST_RATE && plan.width(scratch, field) == Integer.BYTES;
    }

    private static long reversed(long number) {
        return Integer.toUnsignedLong(Integer.reverseBytes((int) number));
    }

    private long ofProbability(byte[] octets, int recordAt, Scratch scratch) {
        long bits = plan.read(octets, recordAt, scratch, probability);
        double chance = plan.width(scratch, probability) == Float.BYTES
                ? Float.intBitsToFloat((int) bits)
                : Double.longBitsToDouble(bits);
        return chance > 0 && chance <= 1 ? Math.round(1 / chance) : 0;
    }

    private static long quotient(long whole, long part) {
        return part <= 0 || whole < part ? 0 : (whole + part / 2) / part;
    }
}
