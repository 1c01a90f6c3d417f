package io.entente.tm.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.configuration.ConfigurationCheckAutoConfiguration;
import io.entente.configuration.InvalidSetupException;
import io.entente.protocol.security.ClientAuth;
import io.entente.protocol.security.PemFiles;
import io.entente.protocol.security.ServerTls;
import io.entente.protocol.security.TestAuthority;
import io.entente.protocol.security.Tls;
import io.entente.protocol.security.TokenSource;
import io.entente.tc.security.SecuritySettings;
import io.entente.testkit.EmbeddedCoordinator;
import io.entente.tm.CoordinatorUnavailableException;
import io.entente.tm.GlobalTransactionTemplate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** An application and a coordinator with mutual TLS and tokens. */
@ExtendWith(OutputCaptureExtension.class)
class SecuritySetupTest {
    private static final String TOKEN = "shop-token-0123456789";

    @TempDir
    Path directory;

    private TestAuthority authority;
    private EmbeddedCoordinator coordinator;
    private ApplicationContextRunner contexts;

    @BeforeEach
    void start() throws Exception {
        authority = TestAuthority.in(directory.resolve("ca"));
        SecuritySettings security = SecuritySettings.none()
                .withTls(new ServerTls(Tls.of(authority.issue("tc")), ClientAuth.NEED))
                .withClientTokens(List.of(TokenSource.of("tokens", TOKEN)));
        coordinator = EmbeddedCoordinator.start(settings -> settings.withSecurity(security));
        contexts = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ConfigurationCheckAutoConfiguration.class,
                        SslAutoConfiguration.class,
                        EntenteAutoConfiguration.class))
                .withPropertyValues(
                        "entente.server=" + coordinator.address(),
                        "entente.startup-wait=5s",
                        "entente.connect-timeout=2s");
    }

    @AfterEach
    void stop() {
        coordinator.close();
    }

    private ApplicationContextRunner withBundle(PemFiles files) {
        return contexts.withPropertyValues(
                "entente.tls.bundle=entente",
                "spring.ssl.bundle.pem.entente.keystore.certificate=file:" + files.certificate(),
                "spring.ssl.bundle.pem.entente.keystore.private-key=file:" + files.privateKey(),
                "spring.ssl.bundle.pem.entente.truststore.certificate=file:" + authority.certificate());
    }

    @Test
    void with_certificate_and_token_it_works_as_without(CapturedOutput output) throws Exception {
        Path file = Files.writeString(directory.resolve("token"), TOKEN + "\n");
        withBundle(authority.issue("shop"))
                .withPropertyValues("entente.token=file:" + file)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean(GlobalTransactionTemplate.class).execute("t", () -> "done"))
                            .isEqualTo("done");
                    assertThat(context.getBean(EntenteProperties.class).toString())
                            .doesNotContain(TOKEN);
                });
        assertThat(output).doesNotContain(TOKEN);
    }

    @Test
    void what_is_missing_is_named_when_it_does_not_start(CapturedOutput output) throws Exception {
        contexts = contexts.withPropertyValues("entente.startup-wait=2s");
        withBundle(authority.issue("shop"))
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("this coordinator wants a token: set entente.token"));
        contexts.withPropertyValues("entente.token=" + TOKEN)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining(CoordinatorUnavailableException.class.getName())
                        .hasStackTraceContaining("this port speaks TLS: set entente.tls.bundle"));
        withBundle(authority.issueForElsewhere("shop"))
                .withPropertyValues("entente.token=another-token-0123456789")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("its token is none of those that this coordinator accepts"));
        assertThat(output).doesNotContain(TOKEN);
    }

    @Test
    void settings_that_cannot_be_used_are_named() {
        contexts.withPropertyValues("entente.tls.bundle=mine")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidSetupException.class)
                        .hasMessageContaining("entente.tls.bundle=mine names no SSL bundle"));
        contexts.withPropertyValues("entente.token=short")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidSetupException.class)
                        .hasMessageContaining("entente.token has 5 characters"));
        contexts.withPropertyValues("entente.tls.verify-hosts=false")
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOf(InvalidSetupException.class)
                        .hasMessageContaining("Did you mean entente.tls.verify-host-name?"));
    }
}
