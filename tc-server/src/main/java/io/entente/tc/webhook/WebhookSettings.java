package io.entente.tc.webhook;

import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;

/**
 * Whom to tell, and how.
 *
 * @param urls each of them is told everything; empty for nobody
 * @param secret signs what is sent; empty for no signature
 * @param timeout for one try, from connecting to the answer
 * @param retryFirst pause after the first failure
 * @param retryMost longest pause
 * @param queue how many notices wait for one receiver in memory
 */
public record WebhookSettings(
        List<URI> urls, String secret, Duration timeout, Duration retryFirst, Duration retryMost, int queue) {

    /** Nobody is told. */
    public static final WebhookSettings NONE = new WebhookSettings(
            List.of(), "", Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofMinutes(5), 1_000);

    private static final int LEAST_CHARS_OF_SECRET = 16;

    public WebhookSettings {
        urls = List.copyOf(urls);
        for (URI url : urls) {
            boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            // The value stays out of the message, as it may hold a password.
            check(
                    http && url.getHost() != null && url.getUserInfo() == null,
                    "url",
                    "an address of " + url.getHost(),
                    "http://host/path or https://host/path, without a user in it");
        }
        check(new HashSet<>(urls).size() == urls.size(), "url", urls.size() + " addresses", "each address once");
        check(
                secret.isEmpty() || secret.length() >= LEAST_CHARS_OF_SECRET,
                "secret",
                secret.length() + " characters",
                "at least " + LEAST_CHARS_OF_SECRET + " characters, or none for no signature");
        check(
                timeout.toMillis() >= 1 && timeout.compareTo(Duration.ofMinutes(1)) <= 0,
                "timeout",
                timeout,
                "1 ms to 1 min");
        check(retryFirst.toMillis() >= 1, "retry-first", retryFirst, "at least 1 ms");
        check(retryMost.compareTo(retryFirst) >= 0, "retry-most", retryMost, "at least retry-first");
        check(queue >= 1, "queue", queue, "at least 1");
    }

    private static void check(boolean valid, String name, Object value, String rule) {
        if (!valid) {
            throw new IllegalArgumentException("entente.tc.webhook." + name + " is " + value + "; expected " + rule);
        }
    }

    /** Usual times, for these receivers. */
    public static WebhookSettings to(List<URI> urls, String secret) {
        return new WebhookSettings(urls, secret, NONE.timeout, NONE.retryFirst, NONE.retryMost, NONE.queue);
    }

    public WebhookSettings withRetries(Duration first, Duration most) {
        return new WebhookSettings(urls, secret, timeout, first, most, queue);
    }

    public WebhookSettings withTimeout(Duration of) {
        return new WebhookSettings(urls, secret, of, retryFirst, retryMost, queue);
    }

    public WebhookSettings withQueue(int most) {
        return new WebhookSettings(urls, secret, timeout, retryFirst, retryMost, most);
    }

    /** Without the secret, and without the paths of addresses, which are secrets at some receivers. */
    @Override
    public String toString() {
        return "WebhookSettings[" + urls.stream().map(URI::getHost).toList() + "]";
    }
}
