// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The typed view of a configuration that is still text, as the container will give it once the text is in a file. */
final class GivenConfig {
    private GivenConfig() {}

    /** Returns the settings that a file would make, with all that is checked of them. */
    static EndpointSettings settings(Map<String, String> values, Path file) {
        Map<String, Object> properties = new HashMap<>(values);
        properties.put(EndpointFile.PATH, file.toUri().toString());
        return EndpointSettings.of(typed(values), properties);
    }

    private static EndpointConfig typed(Map<String, String> values) {
        return (EndpointConfig) Proxy.newProxyInstance(
                EndpointConfig.class.getClassLoader(),
                new Class<?>[] {EndpointConfig.class},
                (proxy, method, arguments) -> value(method, Optional.ofNullable(values.get(EndpointFile.key(method)))));
    }

    /** Numbers and flags are read as text by whoever asks for them; see {@code ConfigurationValues}. */
    private static Object value(Method method, Optional<String> given) {
        if (given.isEmpty() || method.getReturnType().isPrimitive()) {
            return method.getDefaultValue();
        }
        return method.getReturnType() == String[].class ? new String[] {given.get()} : given.get();
    }
}
