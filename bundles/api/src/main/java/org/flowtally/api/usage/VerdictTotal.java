// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.usage;

/**
 * What ended in one verdict.
 *
 * @param verdict the name of the verdict; text, since a page may come from a release that has others
 * @param rows rows
 * @param octets their octets, scaled by sampling
 */
public record VerdictTotal(String verdict, long rows, long octets) {}
