package io.entente.tm.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.testkit.spring.WithCoordinator;
import io.entente.tm.GlobalTransactionRolledBackException;
import io.entente.tm.GlobalTransactional;
import io.entente.tm.TransactionContext;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.web.client.RestClient;

/** What the test of a user's application looks like: no setting, a coordinator inside the JVM. */
@SpringBootTest(classes = Participant.class, webEnvironment = WebEnvironment.RANDOM_PORT)
@Import(SpringBootApplicationTest.Shop.class)
@WithCoordinator
class SpringBootApplicationTest {

    @Autowired
    private Shop shop;

    @LocalServerPort
    private int port;

    static class Shop {
        private final RestClient http;

        Shop(RestClient.Builder http) {
            this.http = http.build();
        }

        @GlobalTransactional
        public boolean isTheSameTransaction(String url) {
            return String.valueOf(http.get().uri(url).retrieve().body(String.class))
                    .equals(TransactionContext.xid());
        }

        @GlobalTransactional
        public String order(String url) {
            return String.valueOf(http.get().uri(url).retrieve().body(String.class));
        }
    }

    private String at(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    @Test
    void the_transaction_travels_with_the_request() {
        assertThat(shop.isTheSameTransaction(at("/xid"))).isTrue();
    }

    @Test
    void a_friendly_answer_does_not_hide_a_failed_participant() {
        assertThatThrownBy(() -> shop.order(at("/friendly")))
                .isInstanceOf(GlobalTransactionRolledBackException.class)
                .hasMessageContaining("/friendly")
                .hasMessageContaining("Shop.order");
    }
}
