// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where a configuration comes from.
 *
 * @param name the file's name without its folder, or the PID if it is in no file
 * @param endpointName the NAME part of it, the default of the endpoint's name
 */
record EndpointFile(String name, String endpointName) {
    /** The factory PID. */
    static final String PID = "org.flowtally.endpoint";

    private static final String PATH = "felix.fileinstall.filename";
    private static final String SUFFIX = ".cfg";
    private static final List<String> FOREIGN_PREFIXES =
            List.of("service.", "component.", "osgi.", "felix.fileinstall.", "org.apache.karaf.", ".");
    private static final Set<String> KEYS = Arrays.stream(EndpointConfig.class.getDeclaredMethods())
            .map(Method::getName)
            .map(method -> method.replace('_', '.'))
            .collect(Collectors.toUnmodifiableSet());

    static EndpointFile of(Map<String, Object> properties) {
        if (properties.get(PATH) instanceof String path) {
            String file = path.substring(path.lastIndexOf('/') + 1);
            return new EndpointFile(file, endpointName(without(SUFFIX, file)));
        }
        String pid = pid(properties);
        return new EndpointFile(pid, endpointName(pid));
    }

    /** Returns the PID under which the container knows the configuration. */
    static String pid(Map<String, Object> properties) {
        return properties.get("service.pid") instanceof String pid ? pid : PID;
    }

    /**
     * Tells whether the configuration is all that is left of a file: the container remembers configurations, and hears of a
     * deletion only while it runs.
     */
    static boolean isGone(Map<String, Object> properties) {
        return properties.get(PATH) instanceof String path && Files.notExists(path(path));
    }

    private static Path path(String pathOrUri) {
        return pathOrUri.startsWith("file:") ? Path.of(URI.create(pathOrUri)) : Path.of(pathOrUri);
    }

    /** Returns the keys that nobody reads: probably misspelt. */
    static List<String> unknownKeys(Map<String, Object> properties) {
        return properties.keySet().stream()
                .filter(key -> !KEYS.contains(key))
                .filter(key -> FOREIGN_PREFIXES.stream().noneMatch(key::startsWith))
                .sorted()
                .toList();
    }

    private static String endpointName(String fileOrPid) {
        boolean separated = fileOrPid.length() > PID.length() + 1 && fileOrPid.startsWith(PID);
        return separated ? fileOrPid.substring(PID.length() + 1) : "default";
    }

    private static String without(String suffix, String text) {
        return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
    }
}
