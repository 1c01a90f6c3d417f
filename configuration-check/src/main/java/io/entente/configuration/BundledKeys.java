package io.entente.configuration;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * The keys and trusted CAs of an SSL bundle of Spring Boot, as they are now: with {@code reload-on-update} the bundle
 * brings others when its files change.
 */
public final class BundledKeys implements Supplier<SSLContext> {
    private static final Logger log = LoggerFactory.getLogger(BundledKeys.class);

    private static final String ACTION = """
            Define a bundle, for example in application.properties:

                spring.ssl.bundle.pem.entente.keystore.certificate=/etc/entente/tls.crt
                spring.ssl.bundle.pem.entente.keystore.private-key=/etc/entente/tls.key
                spring.ssl.bundle.pem.entente.truststore.certificate=/etc/entente/ca.crt
                spring.ssl.bundle.pem.entente.reload-on-update=true
                %s=entente

            docs/security.md shows how to make the files.""";

    private final SslBundle bundle;
    private volatile SSLContext current;

    private BundledKeys(SslBundle bundle, SSLContext first) {
        this.bundle = bundle;
        this.current = first;
    }

    /**
     * Reads the bundle.
     *
     * @param key the setting that names the bundle, for messages
     * @param bundles null when Spring Boot makes none
     * @throws InvalidSetupException when there is no such bundle, or it cannot be used
     */
    public static BundledKeys of(String key, String name, @Nullable SslBundles bundles) {
        List<String> known = bundles == null ? List.of() : bundles.getBundleNames();
        if (bundles == null || !known.contains(name)) {
            throw new InvalidSetupException(
                    key + "=" + name + " names no SSL bundle; there " + (known.isEmpty() ? "is none" : "are " + known)
                            + ".",
                    ACTION.formatted(key));
        }
        BundledKeys keys;
        try {
            SslBundle bundle = bundles.getBundle(name);
            keys = new BundledKeys(bundle, bundle.createSslContext());
        } catch (RuntimeException e) {
            throw new InvalidSetupException(
                    "The SSL bundle " + name + " of " + key + " cannot be used: " + reasons(e), ACTION.formatted(key));
        }
        bundles.addBundleUpdateHandler(name, changed -> keys.renew(name, changed));
        return keys;
    }

    private void renew(String name, SslBundle changed) {
        try {
            current = changed.createSslContext();
            log.info("The SSL bundle {} has changed; new connections use what it holds now", name);
        } catch (RuntimeException e) {
            log.error(
                    "The SSL bundle {} has changed and cannot be used, what it held before stays in use: {}",
                    name,
                    reasons(e));
        }
    }

    private static String reasons(RuntimeException failure) {
        StringBuilder text = new StringBuilder(String.valueOf(failure.getMessage()));
        Throwable cause = failure.getCause();
        for (int depth = 0; cause != null && depth < 10; depth++, cause = cause.getCause()) {
            String more = String.valueOf(cause.getMessage());
            if (text.indexOf(more) < 0) {
                text.append(": ").append(more);
            }
        }
        return text.toString();
    }

    /** Whether there is a certificate to show. */
    public boolean hasCertificate() {
        return bundle.getStores().getKeyStore() != null;
    }

    /** Whether the bundle says which CAs are trusted; else they are those of the JDK. */
    public boolean namesTrusted() {
        return bundle.getStores().getTrustStore() != null;
    }

    /** Versions of TLS that the bundle is limited to; empty when it is not. */
    public List<String> protocols() {
        return list(bundle.getOptions().getEnabledProtocols());
    }

    /** Cipher suites that the bundle is limited to; empty when it is not. */
    public List<String> ciphers() {
        return list(bundle.getOptions().getCiphers());
    }

    private static List<String> list(String @Nullable [] values) {
        return values == null ? List.of() : Arrays.asList(values);
    }

    @Override
    public SSLContext get() {
        return current;
    }
}
