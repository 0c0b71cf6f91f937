// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
    private final ScheduledExecutorService dispatcher = Executors.newSingleThreadScheduledExecutor();
    private final Map<String, String> seen = new ConcurrentHashMap<>();
    private volatile Duration writing = Duration.ZERO;
    private volatile boolean isPaused;
    private EndpointFiles files;

    @BeforeEach
    @SuppressWarnings("FutureReturnValueIgnored") // It runs until it is shut down.
    void start() throws IOException {
        Files.writeString(etc.resolve(FILE), TEXT);
        files = new EndpointFiles(table, etc, Duration.ofSeconds(20));
        container.scheduleWithFixedDelay(this::poll, 0, 20, TimeUnit.MILLISECONDS);
        await().until(() -> table.fileOf("edge").isPresent());
    }

    @AfterEach
    void stop() {
        container.shutdownNow();
        dispatcher.shutdownNow();
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
    void losesNothingWhileTheContainerWritesBackWhatItRead() throws IOException {
        writing = Duration.ofMillis(30);

        for (int each = 1; each <= 20; each++) {
            assertThat(files.set("edge", "realm", "r" + each).isInForce()).isTrue();
        }

        assertThat(Files.readString(etc.resolve(FILE))).isEqualTo(TEXT + "realm = r20\n");
    }

    @Test
    void writesAgainWhatTheContainerHasOverwritten() throws Exception {
        Path file = etc.resolve(FILE);
        isPaused = true;
        Future<?> overwritten = dispatcher.submit(() -> {
            await().until(() -> Files.readString(file).contains("north"));
            Files.writeString(file, TEXT);
            isPaused = false;
            return file;
        });

        EndpointChange change = new EndpointFiles(table, etc, Duration.ofSeconds(8)).set("edge", "realm", "north");

        overwritten.get();
        assertThat(change).isEqualTo(new EndpointChange(file.toString(), "north", true));
        assertThat(Files.readString(file)).isEqualTo(TEXT + "realm = north\n");
    }

    @Test
    void removesAnEndpointWhoseFileTheContainerWritesBack() throws IOException {
        writing = Duration.ofMillis(30);
        files.create("new", Map.of("port", "2056"));

        assertThat(files.delete("new").isInForce()).isTrue();

        assertThat(table.names()).containsExactly("edge");
        assertThat(etc.toFile().list()).containsExactly(FILE);
    }

    @Test
    void removesAnEndpointWhoseNameARefusedFileThenTakesOver() throws IOException {
        Path other = etc.resolve("org.flowtally.endpoint-a.cfg"); // It comes before the file that has the name.
        Files.writeString(other, "name = edge\nport = 2056\n");
        await().until(() -> !table.refused().isEmpty());

        EndpointChange deleted = files.delete("edge");

        assertThat(deleted).isEqualTo(new EndpointChange(etc.resolve(FILE).toString(), "", true));
        assertThat(etc.toFile().list()).containsExactly("org.flowtally.endpoint-a.cfg");
        assertThat(table.fileOf("edge")).contains("org.flowtally.endpoint-a.cfg");
        assertThat(table.refused()).isEmpty();
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
        if (isPaused) {
            return;
        }
        try (Stream<Path> all = Files.list(etc)) {
            Set<String> now = new HashSet<>();
            for (Path file :
                    all.filter(each -> each.toString().endsWith(".cfg")).toList()) {
                String text = Files.readString(file);
                String name = file.getFileName().toString();
                now.add(name);
                // It takes a file up once it has been quiet for a while, and sees none that is being written.
                if (!text.isEmpty() && !text.equals(seen.put(name, text))) {
                    take(file, text);
                }
            }
            seen.keySet().stream().filter(name -> !now.contains(name)).forEach(table::remove);
            seen.keySet().retainAll(now);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void take(Path file, String text) {
        Map<String, String> values = CfgText.of(text).values();
        table.configure(file.getFileName().toString(), GivenConfig.settings(values, file));
        dispatcher.execute(() -> writeBack(file, values));
    }

    /** Does what Karaf does with each configuration that has changed: puts it into the file, which is empty meanwhile. */
    private void writeBack(Path file, Map<String, String> values) {
        LockSupport.parkNanos(writing.toNanos());
        if (Files.notExists(file)) {
            return;
        }
        try {
            CfgText text = CfgText.of(Files.readString(file));
            LockSupport.parkNanos(writing.toNanos());
            for (Map.Entry<String, String> each : values.entrySet()) {
                text = text.with(each.getKey(), each.getValue());
            }
            try (Writer out = Files.newBufferedWriter(file)) {
                LockSupport.parkNanos(writing.toNanos());
                out.write(text.toString());
            }
            seen.put(file.getFileName().toString(), text.toString());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
