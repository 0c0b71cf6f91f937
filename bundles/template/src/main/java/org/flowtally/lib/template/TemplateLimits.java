// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

/**
 * How much is remembered of templates, and what waits for them.
 *
 * @param mostTemplates templates of one exporter
 * @param mostFields fields of one template, at most {@value Scratch#MOST_FIELDS}
 * @param lifetimeMillis how long after it was last received a template still holds
 * @param heldOctets octets of data of one exporter that wait for their template
 * @param heldMillis how long data waits
 * @param exporterOctets octets of what is remembered of one exporter, waiting data included
 * @param addressOctets octets of what is remembered of all exporters of one address
 * @param totalOctets octets of what is remembered of all exporters together
 */
public record TemplateLimits(
        int mostTemplates,
        int mostFields,
        long lifetimeMillis,
        int heldOctets,
        long heldMillis,
        long exporterOctets,
        long addressOctets,
        long totalOctets) {
    /** What is in force where nobody says otherwise. */
    public static final TemplateLimits USUAL =
            new TemplateLimits(512, 512, 86_400_000L, 256 << 10, 1_800_000L, 1L << 20, 8L << 20, 64L << 20);

    /** Limits all exporters together only. */
    public TemplateLimits(
            int mostTemplates, int mostFields, long lifetimeMillis, int heldOctets, long heldMillis, long totalOctets) {
        this(mostTemplates, mostFields, lifetimeMillis, heldOctets, heldMillis, totalOctets, totalOctets, totalOctets);
    }

    /** Keeps the fields within what a decoder has room for. */
    public TemplateLimits {
        mostFields = Math.min(mostFields, Scratch.MOST_FIELDS);
    }
}
