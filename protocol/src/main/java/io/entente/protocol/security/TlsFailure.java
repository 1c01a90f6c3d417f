package io.entente.protocol.security;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What a failed handshake means, in words. Texts of the JDK are kept as they are; those of Netty may hold what the other
 * side sent, a token for instance, and are not.
 *
 * @param what completes "the connection to or from somebody failed: "
 * @param remedy what to do, as a sentence; empty when nobody knows
 */
public record TlsFailure(String what, String remedy) {

    private static final String ALERT = "fatal alert: ";

    /** Whether {@code failure} comes from TLS at all. */
    public static boolean isOne(Throwable failure) {
        return find(failure, SSLException.class) != null;
    }

    /** Seen by the client. */
    public static TlsFailure atClient(Throwable failure) {
        if (find(failure, NotSslRecordException.class) != null) {
            return new TlsFailure(
                    "it does not speak TLS, as this client does",
                    "Give the coordinator TLS with entente.tc.tls.bundle, or remove entente.tls.bundle here.");
        }
        if (find(failure, SslHandshakeTimeoutException.class) != null) {
            return new TlsFailure(
                    "it did not end the TLS handshake in time", "Check that a coordinator listens there.");
        }
        @Nullable
        TlsFailure certificate =
                ofCertificate(failure, "the coordinator", "Add its CA to the trust store of entente.tls.bundle.");
        if (certificate != null) {
            return certificate;
        }
        return switch (alert(failure)) {
            case "certificate_required", "bad_certificate" ->
                new TlsFailure(
                        "it wants a client certificate that it accepts, and got none (" + text(failure) + ")",
                        "Give the bundle of entente.tls.bundle a certificate and a key, signed by a CA that the"
                                + " coordinator trusts.");
            case "unknown_ca", "certificate_unknown", "unsupported_certificate", "access_denied" ->
                new TlsFailure(
                        "it does not accept the certificate of this client (" + text(failure) + ")",
                        "Use a certificate of a CA that the coordinator trusts; its log says more.");
            case "certificate_expired" -> new TlsFailure("the certificate of this client has expired", "Renew it.");
            case "certificate_revoked" ->
                new TlsFailure("the certificate of this client was revoked", "Use another one.");
            default -> new TlsFailure(text(failure), "The coordinator's log may say more.");
        };
    }

    /** Seen by the server. */
    public static TlsFailure atServer(Throwable failure) {
        if (find(failure, NotSslRecordException.class) != null) {
            return new TlsFailure(
                    "it does not speak TLS, as this port does",
                    "Set entente.tls.bundle there; for Seata's clients see docs/security.md.");
        }
        if (find(failure, SslHandshakeTimeoutException.class) != null) {
            return new TlsFailure("it did not end the TLS handshake in time", "");
        }
        @Nullable
        TlsFailure certificate = ofCertificate(
                failure, "the client", "Use a certificate of a CA in the trust store of entente.tc.tls.bundle.");
        if (certificate != null) {
            return certificate;
        }
        String text = text(failure);
        if (text.toLowerCase(Locale.ROOT).contains("empty client certificate chain")) {
            return new TlsFailure(
                    "it showed no certificate that is acceptable here, and one is asked for",
                    "As entente.tc.tls.client-auth is need, give the bundle of entente.tls.bundle a certificate and a key, signed by a CA in the trust store of"
                            + " entente.tc.tls.bundle.");
        }
        return switch (alert(failure)) {
            case "unknown_ca", "certificate_unknown", "bad_certificate", "unsupported_certificate" ->
                new TlsFailure(
                        "it does not accept the certificate of this coordinator (" + text + ")",
                        "Let it trust the CA, and use a certificate for the host name that it connects to; its log says"
                                + " more.");
            case "certificate_expired" ->
                new TlsFailure("the certificate of this coordinator has expired", "Renew it.");
            default -> new TlsFailure(text, "");
        };
    }

    private static @Nullable TlsFailure ofCertificate(Throwable failure, String whose, String trustIt) {
        @Nullable Throwable expired = find(failure, CertificateExpiredException.class);
        if (expired != null) {
            return new TlsFailure("the certificate of " + whose + " has expired (" + said(expired) + ")", "Renew it.");
        }
        @Nullable Throwable early = find(failure, CertificateNotYetValidException.class);
        if (early != null) {
            return new TlsFailure(
                    "the certificate of " + whose + " is not valid yet (" + said(early) + ")",
                    "Check the clocks of both hosts.");
        }
        if (find(failure, CertPathBuilderException.class) != null
                || find(failure, CertPathValidatorException.class) != null) {
            return new TlsFailure(
                    "the certificate of " + whose + " is signed by no CA that is trusted here (" + text(failure) + ")",
                    trustIt);
        }
        @Nullable Throwable other = find(failure, CertificateException.class);
        if (other != null) {
            return new TlsFailure(
                    "the certificate of " + whose + " is not for this host (" + said(other) + ")",
                    "Connect with a name that stands in the certificate, or issue one with this name as subjectAltName.");
        }
        return null;
    }

    private static String alert(Throwable failure) {
        String text = text(failure);
        int start = text.indexOf(ALERT);
        return start < 0 ? "" : text.substring(start + ALERT.length()).strip();
    }

    private static String text(Throwable failure) {
        @Nullable Throwable told = find(failure, SSLException.class);
        if (told == null) {
            told = find(failure, IOException.class);
        }
        @Nullable String message = told == null ? null : told.getMessage();
        // Names in the other side's certificate are the other side's choice: nothing that breaks the lines of a log.
        return message == null ? failure.getClass().getSimpleName() : message.replaceAll("\\p{Cntrl}", " ");
    }

    private static String said(Throwable failure) {
        return String.valueOf(failure.getMessage()).replaceAll("\\p{Cntrl}", " ");
    }

    private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> kind) {
        @Nullable Throwable each = failure;
        for (int depth = 0; each != null && depth < 20; depth++) {
            if (kind.isInstance(each)) {
                return kind.cast(each);
            }
            each = each.getCause();
        }
        return null;
    }
}
