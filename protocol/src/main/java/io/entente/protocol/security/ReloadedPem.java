package io.entente.protocol.security;

import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest usable content of PEM files. Certificate and key are two files: between the replacing of one and of the
 * other they do not fit, handshakes fail, and clients come again.
 */
final class ReloadedPem implements Supplier<SSLContext> {
    private static final Logger log = LoggerFactory.getLogger(ReloadedPem.class);

    private final PemFiles files;
    private List<String> seen;
    private SSLContext usable;

    ReloadedPem(PemFiles files) {
        this.files = files;
        // Before the files are read: what is replaced meanwhile is read again.
        this.seen = files.stamp();
        this.usable = files.load();
    }

    @Override
    public synchronized SSLContext get() {
        List<String> now = files.stamp();
        if (!now.equals(seen)) {
            seen = now;
            try {
                usable = files.load();
                log.info("Read the certificates again: {}", files);
            } catch (IllegalArgumentException e) {
                log.error("Changed certificates are not used, the ones before stay in use: {}", e.getMessage());
            }
        }
        return usable;
    }
}
