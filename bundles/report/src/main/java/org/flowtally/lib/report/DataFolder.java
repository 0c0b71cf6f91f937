// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.report;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The folder in which everything that Flowtally keeps on disk lies: the property {@code flowtally.data}, else
 * {@code ${karaf.data}/flowtally}, else {@code data/flowtally} under the working directory.
 */
public final class DataFolder {
    /** The framework or system property that names the folder. */
    public static final String PROPERTY = "flowtally.data";

    private static final String KARAF_DATA = "karaf.data";

    private DataFolder() {}

    /**
     * Returns the folder; it need not exist yet.
     *
     * @param properties how properties are read, usually {@code bundleContext::getProperty}
     */
    public static Path of(UnaryOperator<@Nullable String> properties) {
        String own = properties.apply(PROPERTY);
        if (own != null && !own.isBlank()) {
            return Path.of(own.strip());
        }
        String karaf = properties.apply(KARAF_DATA);
        return Path.of(karaf == null || karaf.isBlank() ? "data" : karaf, "flowtally");
    }
}
