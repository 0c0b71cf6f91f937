// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.flowtally.api.endpoint.EndpointChange;
import org.flowtally.api.endpoint.EndpointEditor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EndpointFilesTest {
    private static final String FILE = "org.flowtally.endpoint-edge.cfg";
    private static final String TEXT = "# Ours.\nport = 2055\n\n# Routers.\nallowed.subnets = 10.0.0.0/8\n";

    @TempDir
    private Path etc;

    private final EndpointTable table = new EndpointTable();
    private final ScheduledExecutorService container = Executors.newSingleThreadScheduledExecutor();
    private final Map<String, String> seen = new HashMap<>();
    private EndpointFiles files;

    @BeforeEach
    @SuppressWarnings("FutureReturnValueIgnored") // It runs until it is shut down.
    void start() throws IOException {
        Files.writeString(etc.resolve(FILE), TEXT);
        files = new EndpointFiles(table, etc, Duration.ofSeconds(20));
        container.scheduleWithFixedDelay(this::poll, 0, 20, TimeUnit.MILLISECONDS);
        org.awaitility.Awaitility.await().until(() -> table.fileOf("edge").isPresent());
    }

    @AfterEach
    void stop() {
        container.shutdownNow();
        table.stop();
    }

    @Test
    void addsAPrefixKeepsTheCommentsAndIsInForce() throws IOException {
        EndpointChange change =
                files.add("edge", EndpointEditor.ALLOWED_SUBNETS, List.of("192.0.2.7,10.0.0.0/8", "2001:db8::/32"));

        assertThat(change)
                .isEqualTo(new EndpointChange(
                        etc.resolve(FILE).toString(), "10.0.0.0/8, 192.0.2.7/32, 2001:db8::/32", true));
        assertThat(Files.readString(etc.resolve(FILE)))
                .isEqualTo(TEXT.replace("10.0.0.0/8", "10.0.0.0/8, 192.0.2.7/32, 2001:db8::/32"));
        assertThat(allowed()).containsExactly("10.0.0.0/8", "192.0.2.7/32", "2001:db8::/32");
        assertThat(etc.toFile().list()).as("nothing is left beside it").containsExactly(FILE);
    }

    @Test
    void takesAPrefixOutAndSaysWhatIsInTheListIfItIsNot() {
        files.add("edge", EndpointEditor.ALLOWED_SUBNETS, List.of("192.0.2.0/24"));

        assertThat(files.remove("edge", EndpointEditor.ALLOWED_SUBNETS, List.of("10.0.0.0/8"))
                        .value())
                .isEqualTo("192.0.2.0/24");
        assertThatThrownBy(() -> files.remove("edge", EndpointEditor.ALLOWED_SUBNETS, List.of("10.0.0.0/8")))
                .hasMessageContaining("component=" + FILE + ", key=allowed.subnets, value=10.0.0.0/8")
                .hasMessageContaining("any of [192.0.2.0/24]");
        assertThatThrownBy(() -> files.remove("edge", EndpointEditor.ALLOWED_SUBNETS, List.of("192.0.2.128/25")))
                .hasMessageContaining("it lies in 192.0.2.0/24");
        assertThat(allowed()).containsExactly("192.0.2.0/24");
    }

    @Test
    void beginsWithTheUsualListWhereTheFileHasNone() throws IOException {
        files.create("new", Map.of("port", "2056"));

        files.remove("new", EndpointEditor.ALLOWED_SUBNETS, List.of("127.0.0.0/8"));

        assertThat(Files.readString(etc.resolve("org.flowtally.endpoint-new.cfg")))
                .contains("allowed.subnets = ::1/128, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fc00::/7\n");
    }

    @Test
    void makesAndDeletesAnEndpoint() throws IOException {
        EndpointChange made =
                files.create("new", Map.of("port", "4739", "transport", "tcp", "allowed.subnets", "192.0.2.0/24"));
        assertThat(made.isInForce()).isTrue();
        assertThat(made.value()).isEqualTo("192.0.2.0/24");
        assertThat(table.names()).containsExactly("edge", "new");
        assertThat(Files.readAllLines(Path.of(made.file())))
                .contains("port = 4739", "transport = tcp", "allowed.subnets = 192.0.2.0/24");
        assertThatThrownBy(() -> files.create("new", Map.of("port", "2057")))
                .hasMessageContaining("a name that has no file yet");

        EndpointChange deleted = files.delete("new");

        assertThat(deleted.isInForce()).isTrue();
        assertThat(table.names()).containsExactly("edge");
        assertThat(Path.of(made.file())).doesNotExist();
    }

    @Test
    void refusesWhatIsWrongBeforeItTouchesTheFile() throws IOException {
        files.create("new", Map.of("port", "2056"));

        assertThatThrownBy(() -> files.set("edge", "port", "70000"))
                .hasMessageContaining("component=" + FILE + ", key=port, value=70000, allowed=1..65535");
        assertThatThrownBy(() -> files.set("edge", "port", "2056"))
                .hasMessageContaining("value=2056")
                .hasMessageContaining("used by new at 0.0.0.0");
        assertThatThrownBy(() -> files.set("edge", "prot", "2056"))
                .hasMessageContaining("key=key, value=prot")
                .hasMessageContaining("receive.buffer.octets");
        assertThatThrownBy(() -> files.set("egde", "port", "2057")).hasMessageContaining("one of [edge, new]");
        assertThatThrownBy(() -> files.set("edge", "whitelist.mode", "true"))
                .hasMessageContaining("key=whitelist.subnets");
        assertThatThrownBy(() -> files.add("edge", EndpointEditor.ALLOWED_SUBNETS, List.of("10.0.0.1/8")))
                .hasMessageContaining("value=10.0.0.1/8")
                .hasMessageContaining("probably 10.0.0.0/8 is meant");
        assertThatThrownBy(() -> files.create("a/../b", Map.of("port", "2058")))
                .hasMessageContaining("letters, digits");
        assertThat(Files.readString(etc.resolve(FILE))).isEqualTo(TEXT);
    }

    @Test
    void keepsThePermissionsOfTheFile() throws IOException {
        Files.setPosixFilePermissions(etc.resolve(FILE), PosixFilePermissions.fromString("rw-r-----"));

        files.set("edge", "realm", "north");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(etc.resolve(FILE))))
                .isEqualTo("rw-r-----");
    }

    @Test
    void saysThatAChangeIsNotInForceIfTheContainerDoesNotTakeIt() throws InterruptedException {
        container.shutdown();
        container.awaitTermination(10, TimeUnit.SECONDS);
        EndpointFiles hasty = new EndpointFiles(table, etc, Duration.ofMillis(100));

        assertThat(hasty.set("edge", "realm", "north").isInForce()).isFalse();
    }

    private List<String> allowed() {
        return table.endpoints().get(0).endpoint().allowedSubnets().stream()
                .map(String::valueOf)
                .toList();
    }

    /** Does what the container does: makes configurations of files, changes and deletes them. */
    private void poll() {
        try (Stream<Path> all = Files.list(etc)) {
            Map<String, String> now = new HashMap<>();
            for (Path file :
                    all.filter(each -> each.toString().endsWith(".cfg")).toList()) {
                String text = Files.readString(file);
                now.put(file.getFileName().toString(), text);
                if (!text.equals(seen.get(file.getFileName().toString()))) {
                    take(file);
                }
            }
            seen.keySet().stream().filter(name -> !now.containsKey(name)).forEach(table::remove);
            seen.clear();
            seen.putAll(now);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void take(Path file) throws IOException {
        Properties read = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            read.load(in);
        }
        Map<String, String> values = new HashMap<>();
        read.stringPropertyNames().forEach(key -> values.put(key, read.getProperty(key)));
        table.configure(file.getFileName().toString(), GivenConfig.settings(values, file));
    }
}
