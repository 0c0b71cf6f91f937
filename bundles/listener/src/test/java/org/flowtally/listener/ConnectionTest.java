// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLSocket;
import org.flowtally.api.endpoint.ConnectionCounts;
import org.flowtally.api.endpoint.EndpointStatus;
import org.flowtally.api.endpoint.EndpointStatus.State;
import org.flowtally.itests.sender.SelfSigned;
import org.flowtally.lib.lookup.Address;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ConnectionTest {
    private static final String FILE = "org.flowtally.endpoint-edge.cfg";

    @TempDir
    private Path folder;

    private final EndpointTable table = new EndpointTable();
    private final int port = freePort();
    private TestPipeline pipeline;

    @BeforeEach
    void start() throws Exception {
        pipeline = new TestPipeline();
        table.bindContext(pipeline.context());
    }

    @AfterEach
    void stop() {
        table.stop();
        pipeline.close();
    }

    @Test
    void givesEveryMessageToTheRouteWithItsSender() throws IOException {
        add(edge());

        try (Socket exporter = connect()) {
            exporter.getOutputStream().write(message("first"));
            exporter.getOutputStream().write(message(""));

            await().until(() -> pipeline.received.size() == 2);
            assertThat(texts()).containsExactly("first", "");
            assertThat(pipeline.received.get(0).low())
                    .isEqualTo(Address.parse("127.0.0.1").low());
            assertThat(pipeline.received.get(0).port()).isEqualTo(exporter.getLocalPort());
            assertThat(status().state()).isEqualTo(State.OPEN);
            assertThat(status().datagrams()).isEqualTo(2);
            assertThat(status().octets()).isEqualTo(16 + 5 + 16);
            assertThat(counts().open()).isEqualTo(1);
        }
        await().until(() -> counts().open() == 0);
        assertThat(counts()).isEqualTo(new ConnectionCounts(0, 1, 0, 0, 0, 0, 0));
    }

    @Test
    void survivesAnySplitOfAnyNumberOfConnections() throws IOException {
        add(edge().with("read.pause.micros", "0"));
        Random random = new Random(11);
        byte[] stream = stream("a", 400, random);
        byte[] other = stream("b", 400, random);

        try (Socket one = connect();
                Socket two = connect()) {
            one.setTcpNoDelay(true);
            two.setTcpNoDelay(true);
            int at = 0;
            while (at < Math.max(stream.length, other.length)) {
                int length = 1 + random.nextInt(2_000);
                write(one, stream, at, length);
                write(two, other, at, length);
                at += length;
            }

            await().until(() -> pipeline.received.size() == 800);
        }
        assertThat(texts().stream().filter(text -> text.startsWith("a"))).containsExactlyElementsOf(numbered("a", 400));
        assertThat(texts().stream().filter(text -> text.startsWith("b"))).containsExactlyElementsOf(numbered("b", 400));
    }

    @Test
    void losesNothingWhileTheHandOffIsFull() throws Exception {
        add(edge());
        pipeline.mood = TestPipeline.Mood.IS_FULL;
        byte[] stream = stream("x", 20_000, new Random(5)); // Some 20 MB: more than all buffers on the way hold.
        try (Socket exporter = connect()) {
            Thread writer = new Thread(() -> {
                try {
                    exporter.getOutputStream().write(stream);
                } catch (IOException failure) {
                    throw new java.io.UncheckedIOException(failure);
                }
            });
            writer.start();
            await().until(() -> status().datagrams() > 0);
            await().during(java.time.Duration.ofMillis(500)).until(() -> pipeline.received.isEmpty());
            assertThat(writer.isAlive()).as("the exporter has to wait").isTrue();

            pipeline.mood = TestPipeline.Mood.TAKES;

            await().until(() -> pipeline.received.size() == 20_000);
            writer.join();
        }
        assertThat(texts()).containsExactlyElementsOf(numbered("x", 20_000));
        assertThat(status().handOffLost()).isZero();
    }

    @Test
    void worksOffWhatAnExporterSentBeforeItClosed() throws IOException {
        add(edge());
        pipeline.mood = TestPipeline.Mood.IS_FULL;
        try (Socket exporter = connect()) {
            exporter.getOutputStream().write(stream("x", 200, new Random(5)));
        }
        await().until(() -> status().datagrams() > 0);

        pipeline.mood = TestPipeline.Mood.TAKES;

        await().until(() -> pipeline.received.size() == 200);
        await().until(() -> counts().open() == 0);
        assertThat(status().handOffLost()).isZero();
    }

    @Test
    void countsWhatItHeldWhenItIsClosed() throws IOException {
        EndpointComponent component = add(edge());
        pipeline.mood = TestPipeline.Mood.IS_FULL;
        try (Socket exporter = connect()) {
            exporter.getOutputStream().write(stream("x", 20, new Random(5)));
            await().until(() -> status().datagrams() == 20);

            change(component, edge().with("port", Integer.toString(freePort())));

            assertThat(status().handOffLost()).isEqualTo(20);
            assertThat(counts().open()).isZero();
            assertThat(exporter.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void closesAConnectionThatSendsNoIpfixAndNoOther() throws IOException {
        add(edge());
        try (Socket good = connect();
                Socket hostile = connect();
                Socket tiny = connect()) {
            good.getOutputStream().write(message("before"));
            hostile.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            tiny.getOutputStream().write(new byte[] {0, 10, 0, 15, 1, 2, 3});

            assertThat(isClosed(hostile)).isTrue();
            assertThat(isClosed(tiny)).isTrue();
            good.getOutputStream().write(message("after"));

            await().until(() -> pipeline.received.size() == 2);
            assertThat(counts().malformed()).isEqualTo(2);
            assertThat(counts().open()).isEqualTo(1);
            assertThat(status().handlerErrors()).isZero();
        }
    }

    @Test
    void letsNobodyInWhoIsNotAllowedButShowsWhoItWas() throws IOException {
        add(edge().with("allowed.subnets", "127.0.0.1/32"));
        try (Socket stranger = connectFrom("127.0.0.9");
                Socket exporter = connect()) {
            assertThat(isClosed(stranger)).isTrue();
            exporter.getOutputStream().write(message("taken"));
            await().until(() -> pipeline.received.size() == 2);
        }

        assertThat(counts().notAllowed()).isEqualTo(1);
        assertThat(counts().accepted()).isEqualTo(1);
        assertThat(pipeline.received.get(0).text())
                .as("for admission to refuse and remember")
                .isEmpty();
        assertThat(Address.text(
                        pipeline.received.get(0).high(),
                        pipeline.received.get(0).low()))
                .isEqualTo("127.0.0.9");
        assertThat(status().datagrams()).isEqualTo(2);
    }

    @Test
    void boundsConnectionsInAllAndPerAddress() throws IOException {
        add(edge().with("connections.max", "3").with("connections.per.address.max", "2"));
        try (Socket one = connect();
                Socket two = connect();
                Socket three = connect();
                Socket four = connectFrom("127.0.0.9");
                Socket five = connectFrom("127.0.0.8")) {
            assertThat(isClosed(three)).as("the third of its address").isTrue();
            assertThat(isClosed(five)).as("the fourth of all").isTrue();
            one.getOutputStream().write(message("1"));
            two.getOutputStream().write(message("2"));
            four.getOutputStream().write(message("4"));
            await().until(() -> pipeline.received.size() == 3);
            assertThat(counts().tooMany()).isEqualTo(2);
            assertThat(counts().open()).isEqualTo(3);
        }
        await().until(() -> counts().open() == 0);
        try (Socket again = connect()) {
            again.getOutputStream().write(message("5"));
            await().until(() -> pipeline.received.size() == 4);
        }
    }

    @Test
    void closesAConnectionThatSaysNothing() throws IOException {
        add(edge().with("connection.idle.seconds", "1"));
        try (Socket silent = connect()) {
            silent.getOutputStream().write(message("once"));

            assertThat(isClosed(silent)).isTrue();
        }
        assertThat(counts().timedOut()).isEqualTo(1);
        assertThat(texts()).containsExactly("once");
    }

    @Test
    void keepsConnectionsWhenPolicyChanges() throws IOException {
        EndpointComponent component = add(edge());
        try (Socket exporter = connect()) {
            exporter.getOutputStream().write(message("before"));
            await().until(() -> pipeline.received.size() == 1);

            change(component, edge().with("realm", "north").with("allowed.subnets", "10.0.0.0/8"));
            exporter.getOutputStream().write(message("after"));

            await().until(() -> pipeline.received.size() == 2);
            assertThat(pipeline.received.get(1).endpoint()).isEqualTo("edgenorth");
            assertThat(counts().open()).isEqualTo(1);
        }
    }

    @Test
    void mayShareThePortNumberOfAUdpEndpoint() {
        add(edge());

        add(TestConfig.of("org.flowtally.endpoint-udp.cfg").with("port", Integer.toString(port)));

        assertThat(table.refused()).isEmpty();
        assertThat(table.endpoints()).extracting(EndpointStatus::state).containsExactly(State.OPEN, State.OPEN);
    }

    @Test
    void opensAsSoonAsAnotherProcessFreesThePort() throws IOException {
        try (ServerSocket taken = new ServerSocket(port)) {
            assertThat(taken.isBound()).isTrue();
            add(edge());
            assertThat(status().state()).isEqualTo(State.FAILED);
        }

        await().until(() -> status().state() == State.OPEN);
        try (Socket exporter = connect()) {
            exporter.getOutputStream().write(message("taken"));
            await().until(() -> pipeline.received.size() == 1);
        }
    }

    @Test
    void takesMessagesUnderTls() throws Exception {
        SelfSigned collector = SelfSigned.make(folder, "collector");
        add(secured(collector));
        byte[] stream = stream("t", 300, new Random(3));

        try (SSLSocket exporter = secure(collector)) {
            exporter.getOutputStream().write(stream);
            await().until(() -> pipeline.received.size() == 300);
            assertThat(exporter.getSession().getProtocol()).isEqualTo("TLSv1.3");
        }
        assertThat(texts()).containsExactlyElementsOf(numbered("t", 300));
        assertThat(counts().notSecured()).isZero();
    }

    @Test
    void losesNothingUnderTlsWhileTheHandOffIsFull() throws Exception {
        SelfSigned collector = SelfSigned.make(folder, "collector");
        add(secured(collector));
        pipeline.mood = TestPipeline.Mood.IS_FULL;
        try (SSLSocket exporter = secure(collector)) {
            Thread writer = new Thread(() -> {
                try {
                    exporter.getOutputStream().write(stream("x", 10_000, new Random(5)));
                } catch (IOException failure) {
                    throw new java.io.UncheckedIOException(failure);
                }
            });
            writer.start();
            await().until(() -> status().datagrams() > 0);

            pipeline.mood = TestPipeline.Mood.TAKES;

            await().until(() -> pipeline.received.size() == 10_000);
            writer.join();
        }
        assertThat(texts()).containsExactlyElementsOf(numbered("x", 10_000));
        assertThat(status().handOffLost()).isZero();
    }

    @Test
    void asksExportersForACertificateWhereAuthoritiesAreNamed() throws Exception {
        SelfSigned collector = SelfSigned.make(folder, "collector");
        SelfSigned router = SelfSigned.make(folder, "router");
        SelfSigned stranger = SelfSigned.make(folder, "stranger");
        add(secured(collector).with("tls.trust.file", router.certificate().toString()));

        try (SSLSocket exporter = secure(collector, router)) {
            exporter.getOutputStream().write(message("known"));
            await().until(() -> pipeline.received.size() == 1);
        }
        for (SelfSigned[] shown : new SelfSigned[][] {{}, {stranger}}) {
            long before = counts().notSecured();
            try (SSLSocket refused = secure(collector, shown)) {
                refused.getOutputStream().write(message("unknown"));
                assertThat(isClosed(refused)).isTrue();
            } catch (IOException alsoRight) {
                // The alert came before the message was written.
            }
            await().until(() -> counts().notSecured() == before + 1);
        }
        assertThat(texts()).containsExactly("known");
    }

    @Test
    void closesAConnectionWithoutTls() throws Exception {
        add(secured(SelfSigned.make(folder, "collector")));

        try (Socket plain = connect()) {
            plain.getOutputStream().write(message("in clear"));
            assertThat(isClosed(plain)).isTrue();
        }

        await().until(() -> counts().notSecured() == 1);
        assertThat(pipeline.received).isEmpty();
        assertThat(status().handlerErrors()).isZero();
    }

    @Test
    void quotesLittleOfWhatIsNoTls() {
        Throwable noTls = new NotSslRecordException("not an SSL/TLS record: " + "000a0082".repeat(16_000));

        assertThat(ConnectionReceiver.reason(noTls))
                .startsWith("not an SSL/TLS record: 000a")
                .hasSizeLessThan(200);
        assertThat(ConnectionReceiver.reason(new IOException("no cipher suites in common")))
                .isEqualTo("no cipher suites in common");
    }

    @Test
    void takesARenewedCertificateForNewConnectionsAndKeepsTheOld() throws Exception {
        SelfSigned first = SelfSigned.make(folder, "collector");
        add(secured(first));
        try (SSLSocket old = secure(first)) {
            old.getOutputStream().write(message("old"));
            await().until(() -> pipeline.received.size() == 1);
            Path later = Files.createDirectory(folder.resolve("later"));
            SelfSigned second = SelfSigned.make(later, "collector");
            Path known = Files.copy(second.certificate(), folder.resolve("second.pem"));

            Files.writeString(first.certificate(), "half");
            await().until(() -> table.refused().toString().contains("tls.certificate.file"));
            Files.move(second.key(), first.key(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            Files.move(second.certificate(), first.certificate(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            await().until(() -> table.refused().isEmpty());

            try (SSLSocket renewed = secure(new SelfSigned(known, first.key()))) {
                renewed.getOutputStream().write(message("new"));
                await().until(() -> pipeline.received.size() == 2);
            }
            old.getOutputStream().write(message("still"));
            await().until(() -> pipeline.received.size() == 3);
        }
    }

    @Test
    void refusesAKeyThatOthersMayReadUntilOnlyItsOwnerMay() throws Exception {
        SelfSigned collector = SelfSigned.make(folder, "collector");
        Files.setPosixFilePermissions(collector.key(), PosixFilePermissions.fromString("rw-r-----"));

        add(secured(collector));

        assertThat(table.endpoints()).isEmpty();
        assertThat(table.refused().get(0).toString())
                .contains("key=tls.key.file", collector.key() + " with rw-r-----", "chmod 600")
                .doesNotContain("BEGIN");
        Files.setPosixFilePermissions(collector.key(), PosixFilePermissions.fromString("rw-------"));
        await().until(() -> table.refused().isEmpty());
        assertThat(table.endpoints()).hasSize(1);

        Files.setPosixFilePermissions(collector.key(), PosixFilePermissions.fromString("rw-r--r--"));
        await().until(() -> !table.refused().isEmpty());
        assertThat(table.refused().get(0).toString()).contains(collector.key() + " with rw-r--r--");
        assertThat(table.endpoints()).as("the last good configuration stays").hasSize(1);
    }

    @Test
    void refusesTlsWithoutACertificateOrWithTheKeyOfAnother() {
        add(edge().with("transport", "tls"));
        assertThat(table.refused().get(0).toString()).contains("key=tls.certificate.file", "while transport=tls");

        SelfSigned one = SelfSigned.make(folder, "one");
        SelfSigned other = SelfSigned.make(folder, "other");
        EndpointSettings mixed =
                secured(new SelfSigned(one.certificate(), other.key())).settings();
        assertThatThrownBy(() -> mixed.connections().tls().context())
                .hasMessageContaining("key=tls.key.file")
                .hasMessageContaining("the private key of the first certificate");
        assertThatThrownBy(() -> secured(new SelfSigned(one.key(), one.key()))
                        .settings()
                        .connections()
                        .tls()
                        .context())
                .hasMessageContaining("key=tls.certificate.file")
                .hasMessageContaining("certificates in PEM form");
        assertThatThrownBy(() -> secured(new SelfSigned(one.certificate(), withMode600(one.certificate())))
                        .settings()
                        .connections()
                        .tls()
                        .context())
                .hasMessageContaining("PKCS#8");
    }

    private static Path withMode600(Path file) throws IOException {
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private TestConfig edge() {
        return TestConfig.of(FILE)
                .with("transport", "tcp")
                .with("port", Integer.toString(port))
                .with("allowed.subnets", "127.0.0.0/8");
    }

    private TestConfig secured(SelfSigned collector) {
        return edge().with("transport", "tls")
                .with("tls.certificate.file", collector.certificate().toString())
                .with("tls.key.file", collector.key().toString());
    }

    private EndpointComponent add(TestConfig config) {
        return new EndpointComponent(table, config.typed(), config.properties());
    }

    private static void change(EndpointComponent component, TestConfig config) {
        component.modified(config.typed(), config.properties());
    }

    private EndpointStatus status() {
        return table.endpoints().get(0);
    }

    private ConnectionCounts counts() {
        return status().connections();
    }

    private List<String> texts() {
        return List.copyOf(pipeline.received).stream()
                .map(received -> received.text().isEmpty()
                        ? ""
                        : received.text().substring(16).stripTrailing())
                .toList();
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    private Socket connectFrom(String address) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(address, 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }

    /** Connects as an exporter that trusts a collector, and shows the certificate of its own if it has one. */
    private SSLSocket secure(SelfSigned collector, SelfSigned... own) throws IOException {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .trustManager(collector.certificate().toFile());
        if (own.length > 0) {
            builder.keyManager(own[0].certificate().toFile(), own[0].key().toFile());
        }
        io.netty.handler.ssl.JdkSslContext context = (io.netty.handler.ssl.JdkSslContext) builder.build();
        SSLSocket socket =
                (SSLSocket) context.context().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        socket.startHandshake();
        return socket;
    }

    private static boolean isClosed(Socket socket) throws IOException {
        socket.setSoTimeout(20_000);
        try {
            return socket.getInputStream().read() == -1;
        } catch (java.net.SocketTimeoutException stillOpen) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    private static void write(Socket to, byte[] octets, int from, int length) throws IOException {
        if (from < octets.length) {
            to.getOutputStream().write(octets, from, Math.min(length, octets.length - from));
        }
    }

    private static byte[] stream(String name, int messages, Random random) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (String text : numbered(name, messages)) {
            stream.writeBytes(message(text + " ".repeat(random.nextInt(2_000))));
        }
        return stream.toByteArray();
    }

    private static List<String> numbered(String name, int messages) {
        return java.util.stream.IntStream.range(0, messages)
                .mapToObj(number -> name + number)
                .toList();
    }

    private static byte[] message(String text) {
        byte[] content = text.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(16 + content.length)
                .putShort((short) 10)
                .putShort((short) (16 + content.length))
                .position(16)
                .put(content)
                .array();
    }

    private static int freePort() {
        try (ServerSocket probe = new ServerSocket(0)) {
            return probe.getLocalPort();
        } catch (IOException noPort) {
            throw new java.io.UncheckedIOException(noPort);
        }
    }
}
