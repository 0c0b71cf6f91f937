// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.flowtally.lib.report.ConfigurationValues;

/**
 * Where a configuration comes from.
 *
 * @param name the file's name without its folder, or the PID if it is in no file
 * @param endpointName the NAME part of it, the default of the endpoint's name
 * @param folder where the file lies, or the folder of all configurations if it is in no file
 */
record EndpointFile(String name, String endpointName, Path folder) {
    /** The factory PID. */
    static final String PID = "org.flowtally.endpoint";

    static final String PATH = "felix.fileinstall.filename";
    static final String ETC = "karaf.etc";
    static final String SUFFIX = ".cfg";
    static final Set<String> KEYS = Arrays.stream(EndpointConfig.class.getDeclaredMethods())
            .map(EndpointFile::key)
            .collect(Collectors.toUnmodifiableSet());

    static EndpointFile of(Map<String, Object> properties) {
        if (properties.get(PATH) instanceof String path) {
            String file = path.substring(path.lastIndexOf('/') + 1);
            return new EndpointFile(file, endpointName(without(SUFFIX, file)), folder(path));
        }
        String pid = pid(properties);
        return new EndpointFile(pid, endpointName(pid), Path.of(System.getProperty(ETC, "")));
    }

    private static Path folder(String pathOrUri) {
        Path parent = path(pathOrUri).getParent();
        return parent == null ? Path.of("") : parent;
    }

    /** Returns the path that a value names, from the folder of this file on; empty if it names none. */
    Optional<Path> beside(String value) {
        return value.isBlank() ? Optional.empty() : Optional.of(folder.resolve(value.strip()));
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
        return ConfigurationValues.unknownKeys(EndpointConfig.class, properties);
    }

    /** Returns the key whose value a method returns. */
    static String key(Method method) {
        return method.getName().replace('_', '.');
    }

    /** Returns what a key is where nothing is said, as it would stand in a file. */
    static String usual(String key) {
        for (Method method : EndpointConfig.class.getDeclaredMethods()) {
            if (key(method).equals(key)) {
                Object value = method.getDefaultValue();
                return value instanceof String[] list ? String.join(", ", list) : String.valueOf(value);
            }
        }
        return "";
    }

    private static String endpointName(String fileOrPid) {
        boolean separated = fileOrPid.length() > PID.length() + 1 && fileOrPid.startsWith(PID);
        return separated ? fileOrPid.substring(PID.length() + 1) : "default";
    }

    private static String without(String suffix, String text) {
        return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
    }
}
