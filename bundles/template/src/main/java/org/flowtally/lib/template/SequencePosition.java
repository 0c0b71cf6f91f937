// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;

/**
 * Where the numbers of an exporter stood when the collector stopped.
 *
 * @param exporter who it is
 * @param expected the number that comes next, modulo 2^32
 * @param rule how it counts, one of the constants of {@link CountingRule}
 * @param bootMillis its export time less its uptime, by its last header, in milliseconds modulo 2^32
 * @param uptimeMillis its uptime by its last header, in milliseconds modulo 2^32; or {@link FlowBatch#NO_UPTIME}
 */
public record SequencePosition(Exporter exporter, int expected, int rule, int bootMillis, long uptimeMillis) {}
