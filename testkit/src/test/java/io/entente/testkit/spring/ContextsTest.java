package io.entente.testkit.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.entente.testkit.EmbeddedCoordinator;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestContextManager;

class ContextsTest {

    @Configuration
    static class Application {}

    @ContextConfiguration(classes = Application.class)
    @WithCoordinator
    static class Annotated {}

    @ContextConfiguration(classes = Application.class)
    @WithCoordinator
    static class AnnotatedAsWell {}

    @ContextConfiguration(classes = Application.class)
    static class NotAnnotated {}

    @Test
    void equal_tests_share_the_context_and_with_it_the_coordinator() {
        assertThat(context(Annotated.class)).isSameAs(context(AnnotatedAsWell.class));
    }

    @Test
    void a_test_without_the_annotation_is_left_alone() {
        ConfigurableApplicationContext context = context(NotAnnotated.class);
        assertThat(context.getBeansOfType(EmbeddedCoordinator.class)).isEmpty();
        assertThat(context.getEnvironment().containsProperty("entente.server")).isFalse();
    }

    @Test
    void the_coordinator_ends_with_the_context() {
        TestContextManager manager = new TestContextManager(Annotated.class);
        ConfigurableApplicationContext context = context(manager);
        EmbeddedCoordinator coordinator = context.getBean(EmbeddedCoordinator.class);
        manager.getTestContext().markApplicationContextDirty(null);
        assertThat(context.isActive()).isFalse();
        assertThatIllegalStateException().isThrownBy(coordinator::coordinator).withMessageContaining("is closed");
    }

    private static ConfigurableApplicationContext context(Class<?> testClass) {
        return context(new TestContextManager(testClass));
    }

    private static ConfigurableApplicationContext context(TestContextManager manager) {
        return (ConfigurableApplicationContext) manager.getTestContext().getApplicationContext();
    }
}
