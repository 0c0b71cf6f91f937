// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.decode;

import org.flowtally.api.flow.Exporter;

/**
 * What an exporter should send differently, judged from its packets alone.
 *
 * @param exporter who
 * @param template the template it is about, or {@link #NO_TEMPLATE}
 * @param topic what it is about
 * @param problem whether usage is missing or wrong by it; otherwise it would only be better
 * @param finding what was seen, with its figures
 * @param remedy what to do
 */
public record ExporterAdvice(
        Exporter exporter, int template, Topic topic, boolean problem, String finding, String remedy) {
    /** The template of what is about no single one. */
    public static final int NO_TEMPLATE = 0;

    /** What advice is about. */
    public enum Topic {
        /** Rows lack a base field and are INCOMPLETE. */
        MISSING_FIELDS,
        /** Fields that are not needed but wanted. */
        WANTED_FIELDS,
        /** Flows come without times, or with uptimes that nobody can place. */
        TIMES,
        /** Records are aggregated so that they name no subscriber. */
        AGGREGATED,
        /** Templates come too rarely. */
        TEMPLATE_REFRESH,
        /** Two exporters are taken for one and redefine each other's templates. */
        TEMPLATE_CLASH,
        /** Data waits for a template that did not come. */
        TEMPLATE_MISSING,
        /** Flows that last are reported too rarely. */
        ACTIVE_TIMEOUT,
        /** Rows name a sampler whose rate was not told. */
        SAMPLING,
        /** Records or packets went missing on the way. */
        LOSS,
        /** Datagrams arrive more than once. */
        DUPLICATES,
        /** Sequence numbers repeat, so that they count nothing or two exporters look like one; or count what they should not. */
        SEQUENCE,
        /** Datagrams arrive damaged. */
        DAMAGED,
        /** Counters behind the exporter come beside its own. */
        POST_COUNTERS,
        /** Octet counters wrap at 4 GiB. */
        NARROW_COUNTERS
    }
}
