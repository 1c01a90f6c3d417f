package io.entente.tc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.configuration.InvalidSetupException;
import io.entente.protocol.security.TestAuthority;
import io.entente.tc.CoordinatorSettings;
import io.entente.tc.TransactionCoordinator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What a person sees who starts the server with something wrong: one page that says what and what to do. */
@ExtendWith(OutputCaptureExtension.class)
class StartUpTest {
    @TempDir
    private Path directory;

    private void failToStart(String... arguments) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("--server.port", "0");
        settings.put("--entente.tc.port", "0");
        settings.put("--entente.tc.data-directory", directory.toString());
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            settings.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
        List<String> all = new ArrayList<>();
        settings.forEach((key, value) -> all.add(key + "=" + value));
        assertThatThrownBy(() -> CoordinatorServer.application()
                        .run(all.toArray(String[]::new))
                        .close())
                .hasRootCauseInstanceOf(InvalidSetupException.class);
    }

    @Test
    void a_mistyped_key_is_named_with_the_right_one(CapturedOutput output) {
        List<String> arguments = List.of("--server.port=0", "--entente.tc.prot=1");
        assertThatThrownBy(() -> CoordinatorServer.application()
                        .run(arguments.toArray(String[]::new))
                        .close())
                .isInstanceOf(InvalidSetupException.class);
        assertThat(output).contains("entente.tc.prot", "Did you mean entente.tc.port?");
    }

    @ParameterizedTest
    @CsvSource({
        "entente.tc.port=70000, 0 to 65535",
        "entente.tc.snapshot-megabytes=0, at least 1",
        "entente.tc.advertised-address=nowhere, host:port",
        "entente.tc.retry-most=1ms, at least retry-first",
        "entente.tc.retry-budget=0ms, at least 1 ms",
        "entente.tc.io-threads=0, at least 1",
        "entente.tc.limits.open-transactions=0, at least 1",
        "entente.tc.limits.state-bytes=10KB, at least 1 MB",
        "entente.tc.limits.unread-bytes=1MB, at least 8 MB",
        "entente.tc.webhook.url=ftp://h/x, http://host/path",
        "entente.tc.webhook.secret=abc, at least 16 characters",
        "entente.tc.webhook.timeout=2m, 1 ms to 1 min"
    })
    void a_value_that_cannot_be_used_is_named_with_its_rule(String setting, String rule, CapturedOutput output) {
        failToStart("--" + setting);
        assertThat(output)
                .contains("APPLICATION FAILED TO START", setting.substring(0, setting.indexOf('=')), rule)
                .doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:8091, '', '', entente.tc.cluster.members is empty",
        "'', 127.0.0.1:8091, '', entente.tc.cluster.self",
        "here, 127.0.0.1:8091, '', 'host:port/http-port/raft-port'",
        "127.0.0.1:8091, '127.0.0.1:8091,127.0.0.1:8091/1/2', '', the same ports at both places",
        "127.0.0.1:8091, 127.0.0.1:8091, 1ms, 100 ms to 60 s",
        "127.0.0.1:8092, 127.0.0.1:8092, 1s, the same port",
        "tc1.example.org:8091, tc1.example.org:8091, 1s, entente.tc.host is '127.0.0.1'"
    })
    void a_cluster_that_cannot_be_is_named_with_its_rule(
            String self, String members, String timeout, String rule, CapturedOutput output) {
        List<String> arguments = new ArrayList<>(List.of("--entente.tc.port=8091"));
        arguments.add("--entente.tc.cluster.self=" + self);
        arguments.add("--entente.tc.cluster.members=" + members);
        arguments.add("--entente.tc.cluster.election-timeout=" + (timeout.isEmpty() ? "1s" : timeout));
        failToStart(arguments.toArray(String[]::new));
        assertThat(output).contains("APPLICATION FAILED TO START", rule).doesNotContain("\tat ");
    }

    @Test
    void the_raft_port_is_not_open_to_others_unless_it_is_said(CapturedOutput output) {
        failToStart(
                "--entente.tc.port=8091",
                "--entente.tc.host=0.0.0.0",
                "--entente.tc.allow-insecure=rpc,http",
                "--entente.tc.cluster.self=tc1.example.org:8091",
                "--entente.tc.cluster.members=tc1.example.org:8091");
        assertThat(output)
                .contains("The raft port would listen on 0.0.0.0", "entente.tc.allow-insecure=raft")
                .doesNotContain("\tat ");
    }

    @Test
    void groups_need_a_cluster(CapturedOutput output) {
        failToStart("--entente.tc.groups.orders=orders_tx_group");
        assertThat(output)
                .contains("APPLICATION FAILED TO START", "entente.tc.groups is set, for [orders]", "entente.tc.cluster")
                .doesNotContain("\tat ");
    }

    @Test
    void a_directory_belongs_to_one_engine(@TempDir Path other, CapturedOutput output) throws IOException {
        TransactionCoordinator.start(CoordinatorSettings.in(other).withPort(0)).close();
        failToStart(
                "--entente.tc.port=8091",
                "--entente.tc.data-directory=" + other,
                "--entente.tc.cluster.self=127.0.0.1:8091",
                "--entente.tc.cluster.members=127.0.0.1:8091");
        assertThat(output).contains(other.toString(), "holds the log of a single coordinator");
        Files.createDirectories(directory.resolve("raft"));
        failToStart();
        assertThat(output).contains(directory.toString(), "holds the log of a member of a cluster");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--entente.tc.host=0.0.0.0 | The RPC port would listen on 0.0.0.0 | entente.tc.allow-insecure=rpc",
                "--server.address=0.0.0.0 | The HTTP port would listen on 0.0.0.0 | entente.tc.allow-insecure=http",
                "--management.server.port=0 | The management port would listen on 0.0.0.0 | management.server.address=127.0.0.1"
            })
    void no_port_is_open_to_others_without_protection(
            String setting, String what, String remedy, CapturedOutput output) {
        failToStart(setting);
        assertThat(output)
                .contains("APPLICATION FAILED TO START", what, "without TLS and without authentication", remedy)
                .contains("bundle=<name of an SSL bundle>", "entente.tc.tokens.")
                .doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "entente.tc.tokens.client=too-short | entente.tc.tokens.client[0] has 9 characters | openssl rand -hex 32",
                "entente.tc.tokens.viewer=file:/no/such/file | entente.tc.tokens.viewer[0]: the file /no/such/file | cannot be read",
                "entente.tc.tls.bundle=mine | entente.tc.tls.bundle=mine names no SSL bundle | spring.ssl.bundle.pem.entente",
                "entente.tc.tls.client-auth=need | entente.tc.tls.client-auth | entente.tc.tls.bundle is not set"
            })
    void what_cannot_protect_is_named(String setting, String what, String remedy, CapturedOutput output) {
        failToStart("--" + setting);
        assertThat(output)
                .contains("APPLICATION FAILED TO START", what, remedy)
                .doesNotContain("too-short")
                .doesNotContain("\tat ");
    }

    @Test
    void a_bundle_that_cannot_be_used_is_named_with_the_reason(CapturedOutput output) {
        failToStart(
                "--entente.tc.tls.bundle=mine",
                "--spring.ssl.bundle.pem.mine.keystore.certificate=file:/no/such/tls.crt",
                "--spring.ssl.bundle.pem.mine.keystore.private-key=file:/no/such/tls.key");
        assertThat(output).contains("The SSL bundle mine of entente.tc.tls.bundle cannot be used", "/no/such/tls.crt");
    }

    @Test
    void a_bundle_without_a_certificate_is_none_for_a_coordinator(CapturedOutput output) throws Exception {
        TestAuthority authority = TestAuthority.in(directory.resolve("ca"));
        failToStart(
                "--entente.tc.tls.bundle=mine",
                "--spring.ssl.bundle.pem.mine.truststore.certificate=file:" + authority.certificate());
        assertThat(output).contains("has no key store: a coordinator needs a certificate and its key");
    }

    @Test
    void a_port_in_use_and_a_directory_in_use_are_told_apart(@TempDir Path other, CapturedOutput output) {
        try (TransactionCoordinator running =
                TransactionCoordinator.start(CoordinatorSettings.in(other).withPort(0))) {
            failToStart("--entente.tc.port=" + running.port());
            assertThat(output).contains("127.0.0.1:" + running.port(), "--entente.tc.port=<port>");
            failToStart("--entente.tc.data-directory=" + other);
            assertThat(output).contains(other.toString(), "--entente.tc.data-directory=<directory>");
        }
    }
}
