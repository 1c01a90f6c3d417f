package io.entente.tc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.protocol.Message;
import io.entente.protocol.security.ClientSecurity;
import io.entente.protocol.security.ClientTls;
import io.entente.protocol.security.PemFiles;
import io.entente.protocol.security.TestAuthority;
import io.entente.protocol.security.Tls;
import io.entente.protocol.transport.ClientTransport;
import io.entente.protocol.transport.CoordinatorChannel;
import io.entente.protocol.transport.ServerAddress;
import io.entente.tc.TransactionCoordinator;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** One SSL bundle for both ports; clients need certificates at the RPC port, which are renewed while it runs. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        useMainMethod = SpringBootTest.UseMainMethod.ALWAYS,
        properties = {
            "entente.tc.port=0",
            "entente.tc.tls.bundle=entente",
            "entente.tc.tls.client-auth=need",
            "spring.ssl.bundle.pem.entente.reload-on-update=true",
            "spring.ssl.bundle.watch.file.quiet-period=100ms"
        })
// A cached context would go on watching files that are deleted with the test.
@DirtiesContext
class TlsServerTest {
    @TempDir
    static Path directory;

    private static TestAuthority authority;

    @Autowired
    private TransactionCoordinator coordinator;

    @LocalServerPort
    private int httpPort;

    @DynamicPropertySource
    static void files(DynamicPropertyRegistry registry) throws Exception {
        authority = TestAuthority.in(directory.resolve("ca"));
        PemFiles own = authority.issue("tc");
        registry.add(
                "entente.tc.data-directory", () -> directory.resolve("data").toString());
        registry.add("spring.ssl.bundle.pem.entente.keystore.certificate", () -> "file:" + own.certificate());
        registry.add("spring.ssl.bundle.pem.entente.keystore.private-key", () -> "file:" + own.privateKey());
        registry.add("spring.ssl.bundle.pem.entente.truststore.certificate", () -> "file:" + authority.certificate());
    }

    private static SSLContext trusting(TestAuthority trusted) throws Exception {
        return ((JdkSslContext) SslContextBuilder.forClient()
                        .sslProvider(SslProvider.JDK)
                        .trustManager(trusted.certificate().toFile())
                        .build())
                .context();
    }

    private HttpResponse<String> get(SSLContext context, String scheme) throws Exception {
        return HttpClient.newBuilder()
                .sslContext(context)
                .build()
                .send(
                        HttpRequest.newBuilder(URI.create(scheme + "://127.0.0.1:" + httpPort + "/api/clients"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void http_speaks_tls_with_the_same_bundle() throws Exception {
        assertThat(get(trusting(authority), "https").statusCode()).isEqualTo(200);
        TestAuthority strange = TestAuthority.in(directory.resolve("strange"));
        assertThatThrownBy(() -> get(trusting(strange), "https")).isInstanceOf(IOException.class);
        assertThat(get(trusting(authority), "http").statusCode()).isEqualTo(400);
    }

    private void assertServed(ClientSecurity security) {
        try (ClientTransport transport = new ClientTransport(
                List.of(new ServerAddress("127.0.0.1", coordinator.port())), Duration.ofSeconds(5), security)) {
            CoordinatorChannel channel = transport.open(new CoordinatorChannel.Role() {
                @Override
                public Message.Request registration() {
                    return new Message.RegisterTmRequest("2.6.0", "shop", "group", "");
                }

                @Override
                public void received(Message message, CoordinatorChannel.Answer answer) {}
            });
            channel.awaitConnected(Duration.ofSeconds(3));
        }
    }

    @Test
    void rpc_wants_certificates_and_uses_renewed_ones() throws Exception {
        assertServed(ClientSecurity.none().withTls(ClientTls.of(Tls.of(authority.issue("shop")))));
        ClientSecurity anonymous = ClientSecurity.none().withTls(ClientTls.of(Tls.of(authority.trustOnly())));
        assertThatThrownBy(() -> assertServed(anonymous)).hasMessageContaining("certificate");

        TestAuthority next = TestAuthority.in(directory.resolve("next"));
        PemFiles ofNext = next.issue("shop");
        ClientSecurity renewed = ClientSecurity.none().withTls(ClientTls.of(Tls.of(ofNext)));
        assertThatThrownBy(() -> assertServed(renewed)).hasMessageContaining("no CA that is trusted");
        authority.replaceWith(next, "tc");
        Awaitility.await().ignoreExceptions().untilAsserted(() -> assertServed(renewed));
        authority.replaceWith(authority, "tc");
        Awaitility.await()
                .ignoreExceptions()
                .untilAsserted(() ->
                        assertServed(ClientSecurity.none().withTls(ClientTls.of(Tls.of(authority.issue("shop"))))));
    }
}
