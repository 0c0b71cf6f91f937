// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.policy;

import java.util.List;
import org.flowtally.api.endpoint.Counting;
import org.flowtally.lib.lookup.Prefix;

/**
 * What counts of single exporters.
 *
 * @param file the file that says so
 * @param addresses the exporters
 * @param endpoint the endpoint they send to; empty means any
 * @param counting what of them counts
 */
public record CountingStatus(String file, List<Prefix> addresses, String endpoint, Counting counting) {}
