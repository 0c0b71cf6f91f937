// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.flowtally.api.decode.ExporterDirectory;

/** The export versions that have a decoder, or had one, for the tabulator key. */
@Service
public final class DecoderVersions extends ServiceCompleter {
    /** Made by the shell. */
    public DecoderVersions() {}

    @Override
    List<String> words(Services services) {
        return services.ask(ExporterDirectory.class, ExporterDirectory::decoders).orElse(List.of()).stream()
                .map(status -> ExportVersion.name(status.version()))
                .toList();
    }
}
