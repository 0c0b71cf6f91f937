// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

class KnownDecodersTest {
    @TempDir
    private Path folder;

    @Test
    void remembersWhereDecodersCameFrom() {
        KnownDecoders first = known();
        first.came(9, "org.example.v9");
        first.came(10, "org.example.ipfix");
        first.came(5, "org.example.v5");
        first.gone(5);

        Bundle[] installed = {bundle("org.example.v9", Bundle.INSTALLED), bundle("org.example.v5", Bundle.ACTIVE)};

        assertThat(known().stillInstalled(installed)).containsOnlyKeys(9);
        assertThat(known().stillInstalled(new Bundle[] {bundle("org.example.ipfix", Bundle.ACTIVE)}))
                .as("forgotten when it was not installed")
                .isEmpty();
    }

    @Test
    void doesNotTakeAnUninstalledBundleForOneThatComesBack() {
        known().came(9, "org.example.v9");

        assertThat(known().stillInstalled(new Bundle[] {bundle("org.example.v9", Bundle.UNINSTALLED)}))
                .isEmpty();
    }

    @Test
    void knowsNothingOfAFileThatIsDamaged() throws IOException {
        Files.writeString(folder.resolve("decoders.properties"), "nine = org.example.v9\n");

        assertThat(known().stillInstalled(new Bundle[] {bundle("org.example.v9", Bundle.ACTIVE)}))
                .isEmpty();
    }

    private KnownDecoders known() {
        return new KnownDecoders(folder.resolve("decoders.properties"));
    }

    private static Bundle bundle(String name, int state) {
        return (Bundle) Proxy.newProxyInstance(
                Bundle.class.getClassLoader(),
                new Class<?>[] {Bundle.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getSymbolicName" -> name;
                    case "getState" -> state;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
