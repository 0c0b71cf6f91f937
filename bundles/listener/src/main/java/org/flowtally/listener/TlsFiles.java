// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.flowtally.api.config.ConfigurationRejected;

/**
 * The files that secure connections, in PEM form. What is in them never leaves this class but as a context.
 *
 * @param component the cfg file that names them
 * @param certificate this collector's certificate, followed by those between it and the root
 * @param key its private key, unencrypted PKCS#8, readable by its owner alone
 * @param trust the certificates of the authorities that an exporter's certificate must come from; empty if none is asked for
 */
record TlsFiles(String component, Optional<Path> certificate, Optional<Path> key, Optional<Path> trust) {
    static final String CERTIFICATE_KEY = "tls.certificate.file";
    static final String KEY_KEY = "tls.key.file";
    static final String TRUST_KEY = "tls.trust.file";

    private static final Pattern PRIVATE_KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    /** How a key of an algorithm signs; others sign by their own name. */
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "DSA", "SHA256withDSA");

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
    private static final Set<PosixFilePermission> OWNER = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    /** Returns the files that are named. */
    List<Path> paths() {
        return Stream.of(certificate, key, trust).flatMap(Optional::stream).toList();
    }

    /**
     * Reads the files.
     *
     * @throws ConfigurationRejected if one is missing, open to others, or not what it should be
     */
    SslContext context() {
        Path certificateFile = present(CERTIFICATE_KEY, certificate, "a file with this collector's certificate (PEM)");
        Path keyFile = present(KEY_KEY, key, "a file with the certificate's private key (PEM, PKCS#8)");
        checkOwner(keyFile);
        X509Certificate[] chain = certificates(CERTIFICATE_KEY, certificateFile);
        PrivateKey privateKey = privateKey(keyFile, chain[0].getPublicKey());
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(privateKey, chain)
                    .sslProvider(SslProvider.JDK)
                    .protocols(PROTOCOLS);
            if (trust.isPresent()) {
                builder.trustManager(certificates(TRUST_KEY, present(TRUST_KEY, trust, "")))
                        .clientAuth(ClientAuth.REQUIRE);
            }
            return builder.build();
        } catch (SSLException | IllegalArgumentException unusable) {
            throw refused(CERTIFICATE_KEY, certificateFile, "a certificate that TLS can use: " + unusable.getMessage());
        }
    }

    private X509Certificate[] certificates(String configurationKey, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            X509Certificate[] found = CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toArray(X509Certificate[]::new);
            if (found.length > 0) {
                return found;
            }
        } catch (IOException | CertificateException unreadable) {
            // Told like a file without any.
        }
        throw refused(configurationKey, file, "certificates in PEM form");
    }

    /** Reads the key and tries whether it is the certificate's: TLS would find out at the first connection only. */
    private PrivateKey privateKey(Path file, PublicKey ofCertificate) {
        byte[] encoded = encodedKey(file);
        try {
            String algorithm = ofCertificate.getAlgorithm();
            PrivateKey found = KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            Signature signature = Signature.getInstance(SIGNATURES.getOrDefault(algorithm, algorithm));
            signature.initSign(found);
            byte[] signed = signature.sign();
            signature.initVerify(ofCertificate);
            if (signature.verify(signed)) {
                return found;
            }
        } catch (GeneralSecurityException notItsKey) {
            // Told like another certificate's; what the exception says may quote the key.
        }
        throw refused(KEY_KEY, file, "the private key of the first certificate in " + CERTIFICATE_KEY);
    }

    private byte[] encodedKey(Path file) {
        try {
            Matcher key = PRIVATE_KEY.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
            if (key.find()) {
                return Base64.getMimeDecoder().decode(key.group(1));
            }
        } catch (IOException | IllegalArgumentException unreadable) {
            // Told like a file without one.
        }
        throw refused(
                KEY_KEY, file, "a key in unencrypted PKCS#8 form (PEM), as openssl pkcs8 -topk8 -nocrypt writes it");
    }

    private Path present(String configurationKey, Optional<Path> file, String allowed) {
        Path path = file.orElseThrow(() -> refused(configurationKey, "", allowed + " while transport=tls"));
        if (!Files.isReadable(path)) {
            throw refused(configurationKey, path, "a file that exists and can be read");
        }
        return path;
    }

    private void checkOwner(Path keyFile) {
        try {
            if (Files.getFileStore(keyFile).supportsFileAttributeView("posix")) {
                Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(keyFile);
                if (!OWNER.containsAll(permissions)) {
                    throw refused(
                            KEY_KEY,
                            keyFile + " with " + PosixFilePermissions.toString(permissions),
                            "a file that only its owner may read: chmod 600");
                }
            }
        } catch (IOException failure) {
            throw refused(
                    KEY_KEY,
                    keyFile,
                    "a file that can be read: " + failure.getClass().getSimpleName());
        }
    }

    private ConfigurationRejected refused(String configurationKey, Object value, String allowed) {
        return new ConfigurationRejected(component, configurationKey, value, allowed);
    }
}
