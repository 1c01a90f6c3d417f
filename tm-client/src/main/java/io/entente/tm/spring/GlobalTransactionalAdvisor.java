package io.entente.tm.spring;

import io.entente.tm.GlobalTransactionTemplate;
import io.entente.tm.TransactionContext;
import java.lang.reflect.Method;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.StaticMethodMatcherPointcutAdvisor;

/**
 * Puts a global transaction around methods with {@link io.entente.tm.GlobalTransactional}, and what
 * {@link io.entente.tm.GlobalLock} says around those with that.
 */
final class GlobalTransactionalAdvisor extends StaticMethodMatcherPointcutAdvisor {

    private static final long serialVersionUID = 1;

    private final transient AnnotatedMethods methods = new AnnotatedMethods();

    /** @param template asked for at the first call, because advisors are made before most other beans */
    GlobalTransactionalAdvisor(Supplier<GlobalTransactionTemplate> template, int order) {
        setAdvice(new Interceptor(methods, template));
        setOrder(order);
    }

    @Override
    public boolean matches(Method method, Class<?> targetClass) {
        return methods.of(method, targetClass) != null;
    }

    private record Interceptor(AnnotatedMethods methods, Supplier<GlobalTransactionTemplate> template)
            implements MethodInterceptor {

        @Override
        public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
            Object target = invocation.getThis();
            Method method = invocation.getMethod();
            AnnotatedMethods.Surroundings around =
                    methods.of(method, target == null ? method.getDeclaringClass() : target.getClass());
            if (around instanceof AnnotatedMethods.Surroundings.Transaction transaction) {
                return template.get().execute(transaction.options(), () -> proceed(invocation, around.name()));
            }
            if (around instanceof AnnotatedMethods.Surroundings.Lock lock) {
                try (TransactionContext.Scope scope =
                        TransactionContext.underGlobalLock(lock.lockWait(), lock.isolation())) {
                    return proceed(invocation, around.name());
                }
            }
            return invocation.proceed();
        }

        // The result may be null; the checker does not follow that through a generic lambda.
        @SuppressWarnings("NullAway")
        private static Object proceed(MethodInvocation invocation, String name) throws Throwable {
            Object result = invocation.proceed();
            if (result instanceof Future<?> future && !future.isDone()) {
                throw new IllegalStateException("'" + name + "' returned a future that is not done: its work"
                        + " would go on after the global transaction or lock has ended. Wait for the work inside of"
                        + " it, or put @Async around it, so that the whole method runs on the other thread.");
            }
            return result;
        }
    }
}
