package io.entente.protocol.security;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;

/** A certificate authority that lives for one test, and writes what it issues as PEM files. */
public final class TestAuthority {
    private final Path directory;
    private final X509Bundle root;

    private TestAuthority(Path directory, X509Bundle root) {
        this.directory = directory;
        this.root = root;
    }

    /** A new one, whose files go to {@code directory}. */
    public static TestAuthority in(Path directory) throws Exception {
        Files.createDirectories(directory);
        X509Bundle root = new CertificateBuilder()
                .ecp256()
                .subject("CN=Test CA " + directory.getFileName())
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        Files.writeString(directory.resolve("ca.crt"), root.getCertificatePEM());
        return new TestAuthority(directory, root);
    }

    /** Its own certificate. */
    public Path certificate() {
        return directory.resolve("ca.crt");
    }

    /** A certificate for localhost and 127.0.0.1, for either side. */
    public PemFiles issue(String name) throws Exception {
        return issue(name, certificate -> certificate.addSanDnsName("localhost").addSanIpAddress("127.0.0.1"));
    }

    /** A certificate for another host than that of the test. */
    public PemFiles issueForElsewhere(String name) throws Exception {
        return issue(name, certificate -> certificate.addSanDnsName("elsewhere.example.org"));
    }

    /** A certificate that was good until an hour ago. */
    public PemFiles issueExpired(String name) throws Exception {
        Instant now = Instant.now();
        return issue(
                name,
                certificate -> certificate
                        .addSanDnsName("localhost")
                        .addSanIpAddress("127.0.0.1")
                        .notBefore(now.minus(Duration.ofDays(2)))
                        .notAfter(now.minus(Duration.ofHours(1))));
    }

    /** Trusts this authority, and shows nothing. */
    public PemFiles trustOnly() {
        return PemFiles.trusting(certificate());
    }

    /** Lets {@code other} stand in the files of this one: its own certificate, and a new one for {@code name}. */
    public void replaceWith(TestAuthority other, String name) throws Exception {
        new TestAuthority(directory, other.root).issue(name);
        write(certificate(), other.root.getCertificatePEM());
    }

    private PemFiles issue(String name, UnaryOperator<CertificateBuilder> details) throws Exception {
        X509Bundle issued = details.apply(new CertificateBuilder().ecp256().subject("CN=" + name))
                .buildIssuedBy(root);
        Path certificate = directory.resolve(name + ".crt");
        Path key = directory.resolve(name + ".key");
        write(key, issued.getPrivateKeyPEM());
        write(certificate, issued.getCertificatePathPEM());
        return new PemFiles(certificate, key, certificate());
    }

    /** In one step, as whoever renews certificates should. */
    private static void write(Path file, String text) throws IOException {
        Path whole = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(whole, text);
        Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
