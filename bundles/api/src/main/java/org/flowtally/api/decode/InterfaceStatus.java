// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.decode;

import org.flowtally.api.flow.Exporter;

/**
 * What an exporter told of one of its interfaces in options.
 *
 * @param exporter who told it
 * @param index the number that flows carry, of SNMP's ifIndex
 * @param name its short name, such as {@code Gi0/0/1}; empty if none was told
 * @param description its description; empty if none was told
 */
public record InterfaceStatus(Exporter exporter, long index, String name, String description) {}
