// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.decode;

import java.time.Instant;
import java.util.List;
import org.flowtally.api.flow.Exporter;

/**
 * What is known of one template of one exporter.
 *
 * @param exporter who sent it
 * @param id its id, 256..65535
 * @param options whether its records are options and not flows
 * @param fields its fields in order, as {@code octetDeltaCount(1):8}: name, number, octets; {@code *} octets if each record
 *     says how many
 * @param received when the exporter last sent it
 * @param records the records decoded by it since it was learned or restored
 * @param restored whether it comes from disk and was not received since
 */
public record TemplateStatus(
        Exporter exporter,
        int id,
        boolean options,
        List<String> fields,
        Instant received,
        long records,
        boolean restored) {
    /** Copies the list. */
    public TemplateStatus {
        fields = List.copyOf(fields);
    }
}
