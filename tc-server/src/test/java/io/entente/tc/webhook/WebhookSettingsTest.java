package io.entente.tc.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What can be said about who is told, and how it is signed. */
class WebhookSettingsTest {

    /** As any other implementation of HMAC-SHA256 says. */
    @Test
    void the_signature_is_what_it_is_said_to_be() {
        assertThat(Signature.of("Jefe", 7, "what do ya want".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("t=7,v1=47d6e7f385860a8d946ac98d8c5ff10c84664ded41cde0a05a636828834ce994");
    }

    @Test
    void nonsense_is_refused_without_telling_secrets() {
        assertThatThrownBy(() -> WebhookSettings.to(List.of(URI.create("ftp://h/x")), ""))
                .hasMessageContaining("entente.tc.webhook.url")
                .hasMessageContaining("http://host/path");
        assertThatThrownBy(() -> WebhookSettings.to(List.of(URI.create("http://ann:pw@h/x")), ""))
                .hasMessageContaining("without a user")
                .hasMessageNotContaining("pw");
        assertThatThrownBy(() -> WebhookSettings.to(List.of(), "short"))
                .hasMessageContaining("entente.tc.webhook.secret is 5 characters")
                .hasMessageNotContaining("short");
        assertThat(WebhookSettings.to(List.of(URI.create("http://h/token")), "0123456789abcdef")
                        .toString())
                .doesNotContain("0123456789abcdef", "token");
    }
}
