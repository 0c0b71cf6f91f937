// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

/**
 * How the records of one exporter are read, of all that the rules say.
 *
 * @param baseFields what a row needs
 * @param postCounters what its post counters mean
 */
record Reading(BaseFields baseFields, PostCounters postCounters) {
    /** How records are read where nobody says otherwise. */
    static final Reading USUAL = new Reading(BaseFields.USUAL, PostCounters.SPARE);
}
