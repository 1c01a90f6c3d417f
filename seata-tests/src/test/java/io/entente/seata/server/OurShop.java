package io.entente.seata.server;

import io.entente.testkit.database.TestDatabase;
import io.entente.tm.GlobalTransactionTemplate;
import io.entente.tm.TransactionOptions;
import io.entente.tm.TransactionWork;
import io.entente.tm.saga.Compensable;
import io.entente.tm.tcc.TwoPhaseBusinessAction;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

/** An application on our client with Spring Boot, which has only what it had for Seata in its configuration. */
final class OurShop implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    private OurShop(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /**
     * Returns when it is connected.
     *
     * @param applicationId its own: Seata's server takes all processes of an application on a host for serving the same
     * @param coordinator its host and port
     * @param database of that name, with an undo log
     * @param more settings
     */
    static OurShop start(
            String applicationId, String coordinator, TestDatabase server, String database, String... more) {
        List<String> settings = new ArrayList<>(List.of(
                "seata.application-id=" + applicationId,
                "seata.tx-service-group=shop_tx",
                "seata.service.vgroup-mapping.shop_tx=main",
                "seata.service.grouplist.main=" + coordinator,
                "seata.client.rm.lock.retry-interval=10",
                "seata.client.rm.lock.retry-times=50",
                "spring.datasource.url=" + server.jdbcUrl(database),
                "spring.datasource.username=" + server.user(),
                "spring.datasource.password=" + server.password(),
                "spring.datasource.hikari.maximum-pool-size=4",
                "entente.tcc.fence.create-table=true",
                "server.port=0",
                "server.address=127.0.0.1",
                "spring.main.banner-mode=off",
                "spring.jmx.enabled=false"));
        settings.addAll(List.of(more));
        return new OurShop(new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.SERVLET)
                .properties(settings.toArray(String[]::new))
                .run());
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({Service.class, Purse.class, Trip.class})
    static class Application {

        @Bean
        RestClient restClient() {
            return RestClient.create();
        }
    }

    /** Does the statements that it is sent, one a line. */
    @RestController
    static class Service {
        private final JdbcTemplate jdbc;

        Service(JdbcTemplate jdbc) {
            this.jdbc = jdbc;
        }

        @PostMapping("/do")
        String run(@RequestBody String body) {
            int rows = 0;
            for (String sql : body.split("\n", -1)) {
                rows += jdbc.update(sql);
            }
            return String.valueOf(rows);
        }
    }

    /** Money that is frozen, and settled or released. */
    static class Purse {
        private final JdbcTemplate jdbc;

        Purse(JdbcTemplate jdbc) {
            this.jdbc = jdbc;
        }

        @TwoPhaseBusinessAction(name = "freeze", commitMethod = "settle", rollbackMethod = "release")
        public void freeze(int id, int amount) {
            jdbc.update("UPDATE purse SET frozen = frozen + ? WHERE id = ?", amount, id);
        }

        public void settle(int id, int amount) {
            jdbc.update("UPDATE purse SET frozen = frozen - ?, n = n - ? WHERE id = ?", amount, amount, id);
        }

        public void release(int id, int amount) {
            jdbc.update("UPDATE purse SET frozen = frozen - ? WHERE id = ?", amount, id);
        }
    }

    /** A step of a saga. */
    static class Trip {

        @Compensable(compensationMethod = "release", fenced = false)
        public String reserve(String city) {
            return city;
        }

        public void release(String city) {}
    }

    GlobalTransactionTemplate transactions() {
        return context.getBean(GlobalTransactionTemplate.class);
    }

    <T, E extends Throwable> T in(TransactionOptions options, TransactionWork<T, E> work) throws E {
        return transactions().execute(options, work);
    }

    /** The database behind the proxy. */
    JdbcTemplate jdbc() {
        return context.getBean(JdbcTemplate.class);
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    String url() {
        return "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + "/do";
    }

    /** Has another service do {@code body}, and this one's global transaction with it. */
    String call(String url, String body) {
        return String.valueOf(
                bean(RestClient.class).post().uri(url).body(body).retrieve().body(String.class));
    }

    @Override
    public void close() {
        context.close();
    }
}
