// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

/** Room that a decoder works in, made once. Nothing in it has a meaning between two records. */
final class Scratch {
    /** The fields that a template has at most. */
    static final int MOST_FIELDS = 1024;

    final long[] values = new long[Program.BLOCK];
    final int[] starts = new int[MOST_FIELDS];
    final int[] widths = new int[MOST_FIELDS];
}
