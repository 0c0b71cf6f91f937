// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/**
 * A shell that captures what is printed while a test runs, and a bundle context with services that come and go. It captures
 * {@link System#out} and has no session to print to: only there does Karaf put the next command of a pipe.
 */
final class Shell implements BeforeEachCallback, AfterEachCallback {
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final PrintStream systemOut = System.out;
    private final Map<String, Object> services = new HashMap<>();
    private final Map<String, Long> componentIds = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private int inUse;

    <S> Shell with(Class<S> type, S service) {
        services.put(type.getName(), service);
        return this;
    }

    /** Lets a component provide a service. */
    void providedBy(long componentId, Class<?> type) {
        componentIds.put(type.getName(), componentId);
    }

    void without(Class<?> type) {
        services.remove(type.getName());
    }

    void withoutAny() {
        services.clear();
    }

    @Override
    public void beforeEach(ExtensionContext test) {
        System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
    }

    @Override
    public void afterEach(ExtensionContext test) {
        System.setOut(systemOut);
    }

    BundleContext context() {
        return proxy(BundleContext.class, (method, arguments) -> switch (method) {
            case "getServiceReference" -> reference(((Class<?>) arguments[0]).getName());
            case "getService" -> {
                inUse++;
                asked.add(arguments[0].toString());
                yield services.get(arguments[0].toString());
            }
            case "ungetService" -> {
                inUse--;
                yield true;
            }
            case "getBundles" ->
                new Bundle[] {bundle("org.apache.karaf.shell.core"), bundle("org.flowtally.accounting")};
            default -> throw new UnsupportedOperationException(method);
        });
    }

    /** Returns the types of the services that were got, each as often as it was. */
    List<String> asked() {
        return asked;
    }

    /** Returns how many services were got and not given back. */
    int servicesInUse() {
        return inUse;
    }

    /** Returns what was printed, with plain rules: which ones a table draws depends on the machine. */
    String text() {
        return output.toString(StandardCharsets.UTF_8).replace('│', '|');
    }

    List<String> lines() {
        return text().lines().toList();
    }

    private Object reference(String type) {
        return services.containsKey(type)
                ? proxy(ServiceReference.class, (method, arguments) -> switch (method) {
                    case "getProperty" -> componentIds.get(type);
                    default -> type;
                })
                : null;
    }

    private static Bundle bundle(String symbolicName) {
        return proxy(Bundle.class, (method, arguments) -> symbolicName);
    }

    private interface Answer {
        Object to(String method, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                Shell.class.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answer.to(method.getName(), arguments)));
    }
}
