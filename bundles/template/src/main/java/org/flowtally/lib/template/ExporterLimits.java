// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

/**
 * How many exporters are known, each observation domain of an address counting as one.
 *
 * @param most of all endpoints together
 * @param mostOfEndpoint of one endpoint
 * @param mostOfAddress of one address at one endpoint
 * @param idleMillis the silence after which one makes room for another
 */
public record ExporterLimits(int most, int mostOfEndpoint, int mostOfAddress, long idleMillis) {
    /** What is in force where nobody says otherwise. */
    public static final ExporterLimits USUAL = new ExporterLimits(10_000, 8_000, 256, 3_600_000L);
}
