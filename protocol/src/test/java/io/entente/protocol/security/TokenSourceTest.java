package io.entente.protocol.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.protocol.Message;
import io.entente.protocol.RegistrationRefusal;
import io.entente.protocol.RegistrationToken;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenSourceTest {
    @TempDir
    Path directory;

    @Test
    void a_token_is_itself() {
        TokenSource source = TokenSource.of("some.key", "0123456789abcdef");
        assertThat(source.read()).containsExactly("0123456789abcdef");
        assertThat(source.isFile()).isFalse();
        assertThat(source.toString()).doesNotContain("0123456789abcdef").contains("some.key");
    }

    @Test
    void a_file_holds_one_in_each_line_and_is_read_anew() throws IOException {
        Path file = Files.writeString(
                directory.resolve("tokens"), "# old\n 0123456789abcdef \r\n\n  # new\nABCDEFGHIJKLMNOP==");
        TokenSource source = TokenSource.of("some.key", "file:" + file);
        assertThat(source.isFile()).isTrue();
        assertThat(source.read()).containsExactly("0123456789abcdef", "ABCDEFGHIJKLMNOP==");
        Files.writeString(file, "another-token.of~16+/chars\n");
        assertThat(source.first()).isEqualTo("another-token.of~16+/chars");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "short",
                "fifteen-letters",
                "with a blank in it",
                "with\na-line-break",
                "with-an-umlaut-äöü",
                "in=the=middle-0123456789"
            })
    void what_cannot_be_a_token_is_refused_without_being_shown(String wrong) {
        assertThatThrownBy(() -> TokenSource.of("some.key", wrong))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("some.key")
                .hasMessageContaining("openssl rand -hex 32")
                .satisfies(e -> assertThat(wrong.length() < 6 || !e.getMessage().contains(wrong))
                        .isTrue());
    }

    @Test
    void a_file_without_use_is_named() throws IOException {
        Path file = directory.resolve("tokens");
        assertThatThrownBy(() -> TokenSource.of("some.key", "file:" + file))
                .hasMessageContainingAll("some.key", file.toString(), "cannot be read");
        Files.writeString(file, "# nothing\n");
        assertThatThrownBy(() -> TokenSource.of("some.key", "file:" + file))
                .hasMessageContainingAll(file.toString(), "holds no token");
        Files.writeString(file, "0123456789abcdef\nsecret\n");
        assertThatThrownBy(() -> TokenSource.of("some.key", "file:" + file))
                .hasMessageContainingAll(file.toString(), "token 2 has 6 characters")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
    }

    @Test
    void a_token_does_not_leave_the_host_in_plain_text() throws Exception {
        InetSocketAddress here = new InetSocketAddress(InetAddress.getByName("127.0.0.2"), 8091);
        InetSocketAddress elsewhere = new InetSocketAddress(InetAddress.getByName("192.0.2.1"), 8091);
        ClientSecurity plain = ClientSecurity.none().withToken(TokenSource.of("entente.token", "0123456789abcdef"));

        assertThat(plain.tokenFor(here)).isEqualTo("0123456789abcdef");
        assertThatThrownBy(() -> plain.tokenFor(elsewhere))
                .hasMessageContainingAll("in plain text", "entente.tls.bundle", "entente.token-in-plain-text=true")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("0123456789abcdef"));
        assertThatThrownBy(() -> plain.tokenFor(null)).isInstanceOf(IllegalArgumentException.class);
        assertThat(plain.withTokenInPlainText().tokenFor(elsewhere)).isEqualTo("0123456789abcdef");
        SSLContext ofTheJdk = SSLContext.getDefault();
        ClientTls tls = ClientTls.of(Tls.of(() -> ofTheJdk));
        assertThat(plain.withTls(tls).tokenFor(elsewhere)).isEqualTo("0123456789abcdef");
        assertThat(ClientSecurity.none().tokenFor(elsewhere)).isNull();
    }

    @Test
    void a_token_travels_as_a_line_of_the_extra_data() {
        Message.Request tm = RegistrationToken.added(
                new Message.RegisterTmRequest("2.6.0", "app", "group", "vgroup=group\nentente=1\n"),
                "0123456789abcdef");
        assertThat(((Message.RegisterTmRequest) tm).extraData())
                .isEqualTo("vgroup=group\nentente=1\ntoken=0123456789abcdef\n");
        Message.Request rm = RegistrationToken.added(
                new Message.RegisterRmRequest("2.6.0", "app", "group", "", List.of("r")), "0123456789abcdef");
        assertThat(((Message.RegisterRmRequest) rm).extraData()).isEqualTo("token=0123456789abcdef\n");
        assertThat(tm.toString() + rm).doesNotContain("0123456789abcdef");

        assertThat(RegistrationToken.in("vgroup=x\ntoken=abc\ntoken=def\n")).isEqualTo("abc");
        assertThat(RegistrationToken.in("ak=null\ndigest=token=abc\n")).isEmpty();
        assertThat(RegistrationToken.in("")).isEmpty();
    }

    @Test
    void a_refusal_travels_as_a_version_and_cannot_break_lines() {
        assertThat(RegistrationRefusal.reason(RegistrationRefusal.version("no token")))
                .isEqualTo("no token");
        assertThat(RegistrationRefusal.reason("2.6.0")).contains("refused the registration");
        assertThat(RegistrationRefusal.reason(RegistrationRefusal.version("a\nb" + "c".repeat(1_000))))
                .hasSize(500)
                .startsWith("a bc");
    }
}
