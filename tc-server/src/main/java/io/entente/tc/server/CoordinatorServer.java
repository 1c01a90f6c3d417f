package io.entente.tc.server;

import io.entente.configuration.InvalidSetupException;
import io.entente.tc.TransactionCoordinator;
import io.entente.tc.coordinator.SteadyClock;
import io.entente.tc.log.LogUnusableException;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;

/** Entry point of {@code java -jar tc-server.jar}. */
@SpringBootApplication
@EnableConfigurationProperties(CoordinatorProperties.class)
public class CoordinatorServer {
    private static final Logger log = LoggerFactory.getLogger(CoordinatorServer.class);

    public static void main(String[] arguments) {
        application().run(arguments);
    }

    /** The server with its defaults, which an application.properties beside the jar overrides. */
    static SpringApplication application() {
        Properties defaults = new Properties();
        try (InputStream in = CoordinatorServer.class.getResourceAsStream("defaults.properties")) {
            defaults.load(Objects.requireNonNull(in, "defaults.properties is missing in the jar"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        SpringApplication application = new SpringApplication(CoordinatorServer.class);
        application.setDefaultProperties(defaults);
        return application;
    }

    @Bean
    CoordinatorMetrics coordinatorMetrics(MeterRegistry registry) {
        return new CoordinatorMetrics(registry);
    }

    @Bean(destroyMethod = "close")
    TransactionCoordinator transactionCoordinator(CoordinatorProperties properties, CoordinatorMetrics metrics) {
        TransactionCoordinator coordinator = start(properties, metrics);
        metrics.watch(coordinator);
        return coordinator;
    }

    /** Where to look when something is stuck. */
    @EventListener
    void listening(WebServerInitializedEvent event) {
        log.info(
                "HTTP interface on port {}: /api/transactions, /actuator/health",
                event.getWebServer().getPort());
    }

    private static TransactionCoordinator start(CoordinatorProperties properties, CoordinatorMetrics metrics) {
        try {
            return TransactionCoordinator.start(
                    properties.toSettings(),
                    properties.toSharedLog(),
                    new SteadyClock(),
                    metrics,
                    CoordinatorServer::haltBecauseOf);
        } catch (IllegalArgumentException e) {
            throw new InvalidSetupException(
                    String.valueOf(e.getMessage()), "Correct the value, or remove the key to use its default.");
        } catch (UncheckedIOException e) {
            throw new InvalidSetupException(
                    String.valueOf(e.getMessage()),
                    "Stop what listens there, or choose another port with --entente.tc.port=<port>.");
        } catch (LogUnusableException e) {
            throw new InvalidSetupException(
                    String.valueOf(e.getMessage()),
                    properties.database() != null
                            ? "Nothing was changed. Correct entente.tc.database, or give its user what it needs."
                            : "Nothing in the directory was changed. To run a second coordinator, give it a directory of its own with"
                                    + " --entente.tc.data-directory=<directory>.");
        }
    }

    /** Whatever is acknowledged after a failed write would be a lie, and an orderly shutdown acknowledges things. */
    private static void haltBecauseOf(Throwable failure) {
        log.error(
                "The coordinator cannot go on and ends this process; start it again to recover from the log", failure);
        Runtime.getRuntime().halt(1);
    }
}
