// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DataFolderTest {
    @Test
    void followsItsOwnPropertyFirst() {
        Map<String, String> properties = Map.of("flowtally.data", " /srv/flowtally ", "karaf.data", "/opt/karaf/data");

        assertThat(DataFolder.of(properties::get)).isEqualTo(Path.of("/srv/flowtally"));
    }

    @Test
    void liesInKarafsDataFolderOtherwise() {
        assertThat(DataFolder.of(Map.of("karaf.data", "/opt/karaf/data")::get))
                .isEqualTo(Path.of("/opt/karaf/data/flowtally"));
        assertThat(DataFolder.of(Map.<String, String>of()::get)).isEqualTo(Path.of("data/flowtally"));
    }
}
