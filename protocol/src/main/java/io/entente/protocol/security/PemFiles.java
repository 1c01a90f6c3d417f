package io.entente.protocol.security;

import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Keys and trusted CAs as PEM files.
 *
 * @param certificate the certificate to show, with the intermediate ones behind it; null to show none
 * @param privateKey the key of {@code certificate}, as PKCS#8 and not encrypted; null exactly when that is null
 * @param trusted certificates of the CAs that the other side's certificate has to be signed by; null for those that the
 *     JDK trusts
 */
public record PemFiles(
        @Nullable Path certificate,
        @Nullable Path privateKey,
        @Nullable Path trusted) {

    /** @throws IllegalArgumentException when there is a certificate without a key, or the reverse */
    public PemFiles {
        if ((certificate == null) != (privateKey == null)) {
            throw new IllegalArgumentException(
                    certificate == null
                            ? "there is the private key " + privateKey + ", but no certificate for it"
                            : "there is the certificate " + certificate + ", but no private key for it");
        }
    }

    /** Only whom to trust, for a client that shows no certificate. */
    public static PemFiles trusting(Path trusted) {
        return new PemFiles(null, null, trusted);
    }

    /** @throws IllegalArgumentException naming the files when they cannot be used */
    SSLContext load() {
        try {
            SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
            if (certificate != null && privateKey != null) {
                builder.keyManager(certificate.toFile(), privateKey.toFile());
            }
            if (trusted != null) {
                builder.trustManager(trusted.toFile());
            }
            // A context of the JDK serves both sides; which one, the engine says.
            return ((JdkSslContext) builder.build()).context();
        } catch (IOException | RuntimeException e) {
            Throwable root = e;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            throw new IllegalArgumentException(
                    "the PEM files " + all() + " cannot be used: " + e.getMessage()
                            + (root == e ? "" : " (" + root + ")")
                            + ". Expected are X.509 certificates and a PKCS#8 key that is not encrypted",
                    e);
        }
    }

    private List<Path> all() {
        List<Path> files = new ArrayList<>();
        for (@Nullable Path file : new @Nullable Path[] {certificate, privateKey, trusted}) {
            if (file != null) {
                files.add(file.toAbsolutePath().normalize());
            }
        }
        return files;
    }

    /** Differs from an earlier one when a file was replaced meanwhile. */
    List<String> stamp() {
        List<String> stamps = new ArrayList<>();
        for (Path file : all()) {
            try {
                BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
                stamps.add(now.lastModifiedTime() + " " + now.size() + " " + now.fileKey());
            } catch (IOException e) {
                stamps.add("missing");
            }
        }
        return stamps;
    }
}
