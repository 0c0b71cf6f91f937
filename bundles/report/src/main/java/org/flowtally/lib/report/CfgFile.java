// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.report;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The cfg file, one of several of a factory, that a configuration comes from.
 *
 * @param name the file's name without its folder, or the PID if it is in no file
 * @param label the NAME part of it
 */
public record CfgFile(String name, String label) {
    private static final String PATH = "felix.fileinstall.filename";
    private static final String SUFFIX = ".cfg";

    /** Returns where a configuration of a factory comes from. */
    public static CfgFile of(String factoryPid, Map<String, Object> properties) {
        String name = properties.get(PATH) instanceof String path
                ? path.substring(path.lastIndexOf('/') + 1)
                : pid(factoryPid, properties);
        String bare = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
        boolean isSeparated = bare.length() > factoryPid.length() + 1 && bare.startsWith(factoryPid);
        return new CfgFile(name, isSeparated ? bare.substring(factoryPid.length() + 1) : "default");
    }

    /** Returns the PID under which the container knows a configuration. */
    public static String pid(String factoryPid, Map<String, Object> properties) {
        return properties.get("service.pid") instanceof String pid ? pid : factoryPid;
    }

    /**
     * Tells whether a configuration is all that is left of a file: the container remembers configurations, and hears of a
     * deletion only while it runs.
     */
    public static boolean isGone(Map<String, Object> properties) {
        return properties.get(PATH) instanceof String path && Files.notExists(path(path));
    }

    /** Returns the folder of the file, where further files lie that it names; the working folder if it is in no file. */
    public static Path folder(Map<String, Object> properties) {
        Path parent = properties.get(PATH) instanceof String path ? path(path).getParent() : null;
        return parent == null ? Path.of("") : parent;
    }

    private static Path path(String pathOrUri) {
        return pathOrUri.startsWith("file:") ? Path.of(URI.create(pathOrUri)) : Path.of(pathOrUri);
    }
}
