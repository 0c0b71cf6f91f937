// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.decode;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/** What the version switch knows. Safe to call from any thread. */
@ProviderType
public interface ExporterDirectory {
    /** Returns every known exporter. */
    List<ExporterStatus> exporters();

    /** Returns every version that a decoder is or was there for, and any that was asked for. */
    List<DecoderStatus> decoders();

    /** Returns the number of admitted datagrams by what became of them; SINK_FULL is not counted. */
    Map<DecodeResult, Long> datagrams();

    /** Returns what is counted of templates, options and data that waits for a template, by name. */
    default Map<String, Long> templates() {
        return Map.of();
    }

    /** Returns the rows decoded since start: what the verdict counters must add up to. */
    long rowsDecoded();
}
