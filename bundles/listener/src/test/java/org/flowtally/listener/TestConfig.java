// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A configuration as the container gives it: the text of a file, the defaults of what it lacks, and the typed view of it. */
final class TestConfig {
    private final Map<String, Object> properties = new HashMap<>();

    private TestConfig() {}

    static TestConfig of(String file) {
        TestConfig config = new TestConfig();
        config.properties.put(
                "felix.fileinstall.filename", present(file).toUri().toString());
        config.properties.put("service.pid", EndpointFile.PID + "~" + file.replaceAll(".*endpoint-|\\.cfg", ""));
        config.properties.put("service.factoryPid", EndpointFile.PID);
        return config;
    }

    /** A configuration whose file is gone opens no endpoint. */
    private static Path present(String file) {
        try {
            Path etc = Files.createDirectories(Path.of("target", "test-etc"));
            return Files.writeString(etc.resolve(file), "");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    TestConfig with(String key, String value) {
        properties.put(key, value);
        return this;
    }

    TestConfig without(String key) {
        properties.remove(key);
        return this;
    }

    /** The container puts the defaults in, and leaves out lists whose default is empty. */
    Map<String, Object> properties() {
        Map<String, Object> all = new HashMap<>();
        for (Method method : EndpointConfig.class.getDeclaredMethods()) {
            if (!(method.getDefaultValue() instanceof String[] list && list.length == 0)) {
                all.put(EndpointFile.key(method), method.getDefaultValue());
            }
        }
        all.putAll(properties);
        return all;
    }

    EndpointSettings settings() {
        return EndpointSettings.of(typed(), properties());
    }

    EndpointConfig typed() {
        return (EndpointConfig) Proxy.newProxyInstance(
                EndpointConfig.class.getClassLoader(),
                new Class<?>[] {EndpointConfig.class},
                (proxy, method, arguments) -> value(method));
    }

    private Object value(Method method) {
        Object given = properties.get(method.getName().replace('_', '.'));
        if (given == null) {
            return method.getDefaultValue();
        }
        if (method.getReturnType() == String[].class) {
            return new String[] {(String) given};
        }
        if (method.getReturnType() == String.class) {
            return given;
        }
        throw new AssertionError("a text is read as it is given: " + method.getName());
    }
}
