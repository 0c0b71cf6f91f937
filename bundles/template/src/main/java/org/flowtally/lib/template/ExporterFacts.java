// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import java.util.List;
import org.flowtally.api.flow.FlowBatch;

/**
 * What was seen of an exporter, as far as advice depends on it.
 *
 * @param datagrams datagrams taken
 * @param rows rows decoded
 * @param damaged datagrams refused as damaged
 * @param lost units missing by sequence number
 * @param duplicates datagrams that came again
 * @param repeated datagrams whose numbers had been there before, though they did not come again
 * @param rule what its sequence numbers count, one of the constants of {@link CountingRule}
 * @param incomplete rows that lacked a base field that their template does not tell of
 * @param baseFields what a flow needs
 * @param rateUnknown rows whose sampler nobody told about
 * @param longestFlowMillis how long flows lasted lately, at most
 * @param heldOctets octets of data that wait for their template
 * @param bootMillis when it booted, by its options; or {@link FlowBatch#NO_UPTIME}
 * @param templates its templates
 * @param clash which source ports take each other's templates away, or {@link PortTemplates.Clash#NONE}
 */
record ExporterFacts(
        long datagrams,
        long rows,
        long damaged,
        long lost,
        long duplicates,
        long repeated,
        int rule,
        long incomplete,
        BaseFields baseFields,
        long rateUnknown,
        long longestFlowMillis,
        int heldOctets,
        long bootMillis,
        List<Template> templates,
        PortTemplates.Clash clash) {}
