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

    /** Returns every template of every exporter. */
    default List<TemplateStatus> knownTemplates() {
        return List.of();
    }

    /** Returns every interface that an exporter told the name of. */
    default List<InterfaceStatus> interfaces() {
        return List.of();
    }

    /** Returns what exporters should send differently, judged from their packets alone; problems of an exporter first. */
    default List<ExporterAdvice> advice() {
        return List.of();
    }

    /** Returns what is counted of senders that become known, make room or find none, by name. */
    default Map<String, Long> senders() {
        return Map.of();
    }

    /** Returns the rows decoded since start: what the verdict counters must add up to. */
    long rowsDecoded();
}
