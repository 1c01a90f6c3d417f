package io.entente.tm.spring.tcc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.entente.testkit.EmbeddedCoordinator;
import io.entente.tm.GlobalTransactionRolledBackException;
import io.entente.tm.GlobalTransactionTemplate;
import io.entente.tm.TransactionContext;
import io.entente.tm.tcc.TwoPhaseBusinessAction;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** A caller, and a participant with TCC behind a real Tomcat. */
class TccHttpTest {

    private final String database = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
    private final JdbcTemplate jdbc = new JdbcTemplate(new DriverManagerDataSource(database, "sa", ""));

    private EmbeddedCoordinator coordinator;
    private ConfigurableApplicationContext participant;
    private ConfigurableApplicationContext caller;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Caller {
        @Bean
        RestClient client() {
            return RestClient.create();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({Endpoint.class, Seats.class})
    static class Hotel {}

    @RestController
    static class Endpoint {
        private final Seats seats;

        Endpoint(Seats seats) {
            this.seats = seats;
        }

        @GetMapping("/reserve/{n}")
        String reserve(@PathVariable int n) {
            return seats.reserve(n);
        }
    }

    static class Seats {
        private final JdbcTemplate jdbc;

        Seats(JdbcTemplate jdbc) {
            this.jdbc = jdbc;
        }

        @Transactional
        @TwoPhaseBusinessAction(name = "seats", commitMethod = "sell", rollbackMethod = "free")
        public String reserve(int n) {
            jdbc.update("UPDATE seats SET reserved = reserved + ?", n);
            if (n > 50) {
                throw new IllegalStateException("sold out");
            }
            return String.valueOf(TransactionContext.xid());
        }

        @Transactional
        public void sell(int n) {
            jdbc.update("UPDATE seats SET reserved = reserved - ?, sold = sold + ?", n, n);
            if (jdbc.queryForObject("SELECT count(*) FROM closed", Integer.class) != 0) {
                throw new IllegalStateException("box office closed");
            }
        }

        @Transactional
        public void free(int n) {
            jdbc.update("UPDATE seats SET reserved = reserved - ?", n);
        }
    }

    @BeforeEach
    void start() {
        coordinator = EmbeddedCoordinator.start();
        jdbc.execute("CREATE TABLE seats (reserved INT, sold INT)");
        jdbc.execute("INSERT INTO seats VALUES (0, 0)");
        jdbc.execute("CREATE TABLE closed (n INT)");
        startParticipant();
        caller = new SpringApplicationBuilder(Caller.class)
                .web(WebApplicationType.NONE)
                .properties(
                        "entente.server=" + coordinator.address(),
                        "spring.application.name=caller",
                        "spring.datasource.url=jdbc:h2:mem:caller")
                .run();
    }

    private void startParticipant() {
        participant = new SpringApplicationBuilder(Hotel.class)
                .properties(
                        "server.port=0",
                        "server.address=127.0.0.1",
                        "entente.server=" + coordinator.address(),
                        "entente.tcc.fence.create-table=true",
                        "spring.datasource.url=" + database,
                        "spring.application.name=hotel")
                .run();
    }

    @AfterEach
    void stop() {
        caller.close();
        participant.close();
        coordinator.close();
    }

    private @Nullable String reserve(int n) {
        int port = ((WebServerApplicationContext) participant).getWebServer().getPort();
        return caller.getBean(RestClient.class)
                .get()
                .uri("http://127.0.0.1:" + port + "/reserve/" + n)
                .retrieve()
                .body(String.class);
    }

    private String swallowing(int n) {
        try {
            return String.valueOf(reserve(n));
        } catch (RestClientException e) {
            return "swallowed";
        }
    }

    private GlobalTransactionTemplate transactions() {
        return caller.getBean(GlobalTransactionTemplate.class);
    }

    private String seats() {
        return String.valueOf(jdbc.queryForObject("SELECT CONCAT(reserved, ' ', sold) FROM seats", String.class));
    }

    private void awaitEnded() {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(50, TimeUnit.MILLISECONDS)
                .until(() -> {
                    coordinator.advanceTime(Duration.ofSeconds(1));
                    return coordinator
                                    .coordinator()
                                    .coordinator()
                                    .ask(view -> view.state().transactions().size())
                                    .join()
                            == 0;
                });
    }

    @Test
    void a_participant_confirms_and_cancels_what_its_caller_decides() {
        transactions().execute("trip", () -> {
            assertThat(reserve(2)).isEqualTo(TransactionContext.xid());
            return "done";
        });
        awaitEnded();
        assertThat(seats()).isEqualTo("0 2");
        assertThatThrownBy(() -> transactions().execute("trip", () -> {
                    assertThat(reserve(3)).isNotEmpty();
                    throw new IllegalStateException("no flight");
                }))
                .hasMessage("no flight");
        awaitEnded();
        assertThat(seats()).isEqualTo("0 2");
    }

    @Test
    void a_failed_try_is_voted_down_or_leaves_nothing_when_the_caller_waives() {
        assertThatThrownBy(() -> transactions().execute("trip", () -> swallowing(99)))
                .isInstanceOf(GlobalTransactionRolledBackException.class);
        awaitEnded();
        assertThat(seats()).isEqualTo("0 0");
        transactions().execute("trip", () -> {
            try (var scope = TransactionContext.waiveVotes()) {
                return swallowing(99);
            }
        });
        awaitEnded();
        assertThat(seats()).isEqualTo("0 0");
        assertThat(jdbc.queryForList("SELECT * FROM tcc_fence_log")).isEmpty();
    }

    @Test
    void a_participant_that_restarts_ends_what_it_began() {
        jdbc.execute("INSERT INTO closed VALUES (1)");
        String unused = transactions().execute("trip", () -> swallowing(4));
        assertThat(seats()).isEqualTo("4 0");
        participant.close();
        jdbc.execute("DELETE FROM closed");
        startParticipant();
        awaitEnded();
        assertThat(seats()).isEqualTo("0 4");
    }
}
