package io.entente.testkit.junit;

import io.entente.testkit.EmbeddedCoordinator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Runs one {@link EmbeddedCoordinator} for the tests of a class and of the classes nested in it, and hands it to every
 * constructor or method that has a parameter of that type:
 *
 * <pre>{@code
 * @ExtendWith(CoordinatorExtension.class)
 * class PurchaseTest {
 *     @Test
 *     void a_purchase_commits(EmbeddedCoordinator coordinator) { ... }
 * }
 * }</pre>
 */
public final class CoordinatorExtension implements BeforeAllCallback, AfterAllCallback, ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(CoordinatorExtension.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        ExtensionContext.Store store = context.getStore(NAMESPACE);
        if (store.get(EmbeddedCoordinator.class) == null) { // a nested class finds the one of the class around it
            store.put(EmbeddedCoordinator.class, EmbeddedCoordinator.start());
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        @Nullable
        EmbeddedCoordinator own =
                context.getStore(NAMESPACE).remove(EmbeddedCoordinator.class, EmbeddedCoordinator.class);
        if (own != null) {
            own.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == EmbeddedCoordinator.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Object coordinator = context.getStore(NAMESPACE).get(EmbeddedCoordinator.class);
        if (coordinator == null) {
            throw new ParameterResolutionException(
                    "There is no coordinator for this parameter: register"
                            + " CoordinatorExtension at the class, with @ExtendWith or as a static field with @RegisterExtension.");
        }
        return coordinator;
    }
}
