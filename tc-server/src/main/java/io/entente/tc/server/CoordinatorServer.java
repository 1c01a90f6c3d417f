package io.entente.tc.server;

import io.entente.configuration.InvalidSetupException;
import io.entente.tc.CoordinatorSettings;
import io.entente.tc.DatabaseLogSettings;
import io.entente.tc.SharedLog;
import io.entente.tc.TransactionCoordinator;
import io.entente.tc.coordinator.SteadyClock;
import io.entente.tc.log.LogUnusableException;
import io.entente.tc.security.InsecureListenerException;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;

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
        application.addListeners(new SharedBundle(), new RegistryMetadata());
        return application;
    }

    @Bean
    CoordinatorMetrics coordinatorMetrics(MeterRegistry registry, CoordinatorProperties properties) {
        return valid(() -> CoordinatorMetrics.of(registry, properties.namesOfGroups()));
    }

    @Bean(destroyMethod = "close")
    HttpTokens httpTokens(CoordinatorProperties properties) {
        return valid(() -> new HttpTokens(
                properties.tokens().operators(), properties.tokens().viewers()));
    }

    @Bean
    FilterRegistrationBean<TokenFilter> tokenFilter(
            HttpTokens tokens, WebEndpointProperties endpoints, Environment environment) {
        return HttpSecurity.filter(tokens, endpoints, environment.getProperty("server.servlet.context-path", ""));
    }

    @Bean
    CoordinatorSettings coordinatorSettings(CoordinatorProperties properties, ObjectProvider<SslBundles> bundles) {
        return valid(() -> properties.toSettings(bundles.getIfAvailable()));
    }

    /** Changes nothing: what is wrong with TLS and the address is to be said before the web server stumbles over it. */
    @Bean
    WebServerFactoryCustomizer<ConfigurableWebServerFactory> securityCheck(
            CoordinatorSettings settings,
            CoordinatorProperties properties,
            HttpTokens tokens,
            ServerProperties http,
            ObjectProvider<ManagementServerProperties> management,
            Environment environment) {
        return valid(() -> {
            HttpSecurity.requireSafe(
                    http,
                    management.getIfAvailable(),
                    environment,
                    tokens.areAskedFor(),
                    properties.allowInsecure().contains(CoordinatorProperties.Port.HTTP));
            return factory -> {};
        });
    }

    @Bean(destroyMethod = "close")
    TransactionCoordinator transactionCoordinator(
            CoordinatorSettings settings, CoordinatorProperties properties, CoordinatorMetrics metrics) {
        TransactionCoordinator coordinator = valid(() -> start(settings, properties.toSharedLog(), metrics));
        metrics.watch(coordinator);
        return coordinator;
    }

    /** Its name is that of its component in the health. */
    @Bean
    CoordinatorHealth coordinator(TransactionCoordinator coordinator) {
        return new CoordinatorHealth(coordinator);
    }

    @Bean(LeaderHealth.NAME)
    LeaderHealth leaderHealth(TransactionCoordinator coordinator) {
        return new LeaderHealth(coordinator);
    }

    @Bean
    static LeaderHealth.OutOfTheWhole leaderOutOfTheWhole() {
        return new LeaderHealth.OutOfTheWhole();
    }

    /** Where to look when something is stuck. */
    @EventListener
    void listening(WebServerInitializedEvent event) {
        log.info(
                "HTTP interface on port {}: /api/transactions, /actuator/health",
                event.getWebServer().getPort());
    }

    private static <T> T valid(Supplier<T> made) {
        try {
            return made.get();
        } catch (InsecureListenerException e) {
            throw new InvalidSetupException(capitalised(String.valueOf(e.getMessage())), e.remedy());
        } catch (IllegalArgumentException e) {
            throw new InvalidSetupException(
                    String.valueOf(e.getMessage()), "Correct the value, or remove the key to use its default.");
        }
    }

    private static String capitalised(String sentence) {
        return Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
    }

    private static TransactionCoordinator start(
            CoordinatorSettings settings, @Nullable SharedLog shared, CoordinatorMetrics metrics) {
        try {
            return TransactionCoordinator.start(
                    settings, shared, new SteadyClock(), metrics, CoordinatorServer::haltBecauseOf);
        } catch (UncheckedIOException e) {
            throw new InvalidSetupException(
                    String.valueOf(e.getMessage()),
                    "Stop what listens there, or choose another port with --entente.tc.port=<port>.");
        } catch (LogUnusableException e) {
            throw new InvalidSetupException(
                    String.valueOf(e.getMessage()),
                    shared instanceof DatabaseLogSettings
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
