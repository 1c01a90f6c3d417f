package io.entente.testkit.spring;

import io.entente.testkit.EmbeddedCoordinator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.TestContextAnnotationUtils;

/** Does what {@link WithCoordinator} asks for. Found by Spring's test framework through {@code spring.factories}. */
final class CoordinatorContextCustomizerFactory implements ContextCustomizerFactory {

    private static final String NAME = "embeddedCoordinator";

    @Override
    public @Nullable ContextCustomizer createContextCustomizer(
            Class<?> testClass, List<ContextConfigurationAttributes> attributes) {
        return TestContextAnnotationUtils.hasAnnotation(testClass, WithCoordinator.class)
                ? new CoordinatorContextCustomizer()
                : null;
    }

    /** All are equal, so that tests with the annotation share a cached context as tests without it do. */
    private record CoordinatorContextCustomizer() implements ContextCustomizer {

        @Override
        public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
            EmbeddedCoordinator coordinator = EmbeddedCoordinator.start();
            DefaultListableBeanFactory beans = (DefaultListableBeanFactory) context.getBeanFactory();
            beans.registerSingleton(NAME, coordinator);
            // Registered before any other bean is created, hence closed after all of them.
            beans.registerDisposableBean(NAME, coordinator::close);
            context.getEnvironment()
                    .getPropertySources()
                    // Whatever protects the application's real coordinator, this one speaks plain text within the JVM.
                    .addFirst(new MapPropertySource(
                            NAME,
                            Map.of(
                                    "entente.server",
                                    coordinator.address(),
                                    "entente.tls.bundle",
                                    "",
                                    "entente.token",
                                    "")));
        }
    }
}
