// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

/**
 * One step of a program: a field of the record goes into a column.
 *
 * @param column what is written
 * @param field the field of the template; without meaning if the width is 0
 * @param offset where the field begins in a record of fixed length
 * @param width its octets; 0 writes zeros, for the half of a pair that an exporter does not send
 * @param isSecond whether the column was written before and only a zero there is to be replaced
 */
record Operation(Column column, int field, int offset, int width, boolean isSecond) {
    /** The field of an operation that reads none. */
    static final int NO_FIELD = -1;
}
