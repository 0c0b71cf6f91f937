// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndpointFileTest {
    private static final String FILE_NAME = "org.flowtally.endpoint-edge one.cfg";

    @TempDir
    private Path etc;

    @Test
    void namesTheEndpointAfterItsFile() {
        EndpointFile file = EndpointFile.of(
                Map.of("felix.fileinstall.filename", "file:/karaf/etc/org.flowtally.endpoint-edge.cfg"));

        assertThat(file.endpointName()).isEqualTo("edge");
    }

    @Test
    void knowsAFileThatIsThere() throws IOException {
        Files.createFile(etc.resolve(FILE_NAME));

        assertThat(EndpointFile.isGone(Map.of("felix.fileinstall.filename", uri())))
                .isFalse();
        assertThat(EndpointFile.isGone(Map.of(
                        "felix.fileinstall.filename", etc.resolve(FILE_NAME).toString())))
                .isFalse();
    }

    @Test
    void knowsThatAFileIsGone() {
        assertThat(EndpointFile.isGone(Map.of("felix.fileinstall.filename", uri())))
                .isTrue();
    }

    @Test
    void missesNoFileWhereTheConfigurationWasMadeAtTheShell() {
        assertThat(EndpointFile.isGone(Map.of("service.pid", "org.flowtally.endpoint~edge")))
                .isFalse();
    }

    private String uri() {
        return etc.resolve(FILE_NAME).toUri().toString();
    }
}
