// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.sender;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate that signs itself, made by the JDK's keytool, with its key, as PEM files.
 *
 * @param certificate the file of the certificate
 * @param key the file of the key
 */
public record SelfSigned(Path certificate, Path key) {
    private static final String PASSWORD = "changeit";
    private static final String ALIAS = "test";

    /** Makes one in a folder; name and loopback address are what it is good for. */
    public static SelfSigned make(Path folder, String name) {
        try {
            Path store = folder.resolve(name + ".p12");
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-keyalg",
                            "EC",
                            "-validity",
                            "30",
                            "-alias",
                            ALIAS,
                            "-dname",
                            "CN=" + name,
                            "-ext",
                            "SAN=ip:127.0.0.1",
                            "-storetype",
                            "PKCS12",
                            "-keystore",
                            store.toString(),
                            "-storepass",
                            PASSWORD)
                    .redirectErrorStream(true)
                    .start();
            String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (keytool.waitFor() != 0) {
                throw new IllegalStateException(said);
            }
            return write(folder, name, load(store));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /**
     * Puts TLS on a connection, as an exporter that shows this certificate.
     *
     * @param collector whom the exporter trusts
     * @param connection what is secured
     */
    public SSLSocket connect(SelfSigned collector, Socket connection) throws IOException {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(load(store()), PASSWORD.toCharArray());
            return collector.connect(keys.getKeyManagers(), connection);
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Puts TLS on a connection, as an exporter without a certificate that trusts this one. */
    public SSLSocket accept(Socket connection) throws IOException {
        try {
            return connect(new KeyManager[0], connection);
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private SSLSocket connect(KeyManager[] shown, Socket connection) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, PASSWORD.toCharArray());
        trusted.setCertificateEntry(ALIAS, load(store()).getCertificate(ALIAS));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(shown, trust.getTrustManagers(), null);
        SSLSocket secured = (SSLSocket)
                context.getSocketFactory().createSocket(connection, "127.0.0.1", connection.getPort(), true);
        secured.startHandshake();
        return secured;
    }

    private Path store() {
        return certificate.resolveSibling(certificate.getFileName().toString().replace(".pem", ".p12"));
    }

    private static KeyStore load(Path store) throws IOException, GeneralSecurityException {
        KeyStore loaded = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            loaded.load(in, PASSWORD.toCharArray());
        }
        return loaded;
    }

    private static SelfSigned write(Path folder, String name, KeyStore store)
            throws IOException, GeneralSecurityException {
        Path certificate = folder.resolve(name + ".pem");
        Path key = folder.resolve(name + "-key.pem");
        Files.writeString(
                certificate, pem("CERTIFICATE", store.getCertificate(ALIAS).getEncoded()));
        Files.writeString(
                key,
                pem("PRIVATE KEY", store.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded()));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        return new SelfSigned(certificate, key);
    }

    private static String pem(String what, byte[] content) {
        Base64.Encoder lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
        return "-----BEGIN " + what + "-----\n" + lines.encodeToString(content) + "\n-----END " + what + "-----\n";
    }
}
