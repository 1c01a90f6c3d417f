package io.entente.tc.seata;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.protocol.security.ClientAuth;
import io.entente.protocol.security.ServerTls;
import io.entente.protocol.security.TestAuthority;
import io.entente.protocol.security.Tls;
import io.entente.protocol.security.TokenSource;
import io.entente.tc.CoordinatorSettings;
import io.entente.tc.coordinator.CoordinatorUnderTest;
import io.entente.tc.security.SecuritySettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Seata's client, which knows neither TLS nor our tokens, at coordinators that ask for them. Each in its own process. */
class SeataSecurityTest {
    @TempDir
    Path directory;

    private String register(SecuritySettings security) throws IOException {
        CoordinatorSettings settings =
                CoordinatorSettings.in(directory.resolve("data")).withPort(0).withSecurity(security);
        CoordinatorUnderTest tc = CoordinatorUnderTest.start(settings, InstantSource.system());
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SeataRegistration.class.getName(),
                        String.valueOf(tc.port()))
                .redirectErrorStream(true)
                .start();
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            process.destroyForcibly();
            tc.close();
        }
    }

    @Test
    void in_plain_mode_with_the_explicit_permission_it_registers() throws Exception {
        assertThat(register(SecuritySettings.none().withInsecureAllowed())).contains("REGISTERED");
    }

    @Test
    void where_tokens_are_asked_for_it_is_told_so() throws Exception {
        TokenSource token = TokenSource.of("entente.tc.tokens.client", "good-token-0123456789");
        assertThat(register(SecuritySettings.none().withClientTokens(List.of(token))))
                .contains("FAILED", "2.6.0 refused: this coordinator wants a token", "docs/security.md")
                .doesNotContain("REGISTERED");
    }

    @Test
    void where_tls_is_spoken_it_is_told_so() throws Exception {
        TestAuthority authority = TestAuthority.in(directory.resolve("ca"));
        ServerTls tls = new ServerTls(Tls.of(authority.issue("tc")), ClientAuth.NONE);
        assertThat(register(SecuritySettings.none().withTls(tls)))
                .contains("FAILED", "2.6.0 refused: this port speaks TLS")
                .doesNotContain("REGISTERED");
    }
}
