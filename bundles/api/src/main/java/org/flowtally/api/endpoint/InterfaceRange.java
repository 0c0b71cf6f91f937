// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.endpoint;

/**
 * Interfaces of a router with consecutive SNMP indexes.
 *
 * @param first the first index, 0..4294967295
 * @param last the last index, not less than the first
 */
public record InterfaceRange(long first, long last) {
    @Override
    public String toString() {
        return first == last ? Long.toString(first) : first + "-" + last;
    }
}
