package io.entente.tm.spring.saga;

import io.entente.tm.TransactionContext;
import io.entente.tm.saga.Compensable;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.StaticMethodMatcherPointcutAdvisor;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Runs calls of methods with {@link Compensable} within a global transaction as steps of it. */
final class CompensableAdvisor extends StaticMethodMatcherPointcutAdvisor {

    private static final long serialVersionUID = 1;

    /** @param beans asked for at the first call, because advisors are made before most other beans */
    CompensableAdvisor(Supplier<SagaBeans> beans, int order) {
        setAdvice(new Interceptor(beans));
        setOrder(order);
    }

    @Override
    public boolean matches(Method method, Class<?> targetClass) {
        return CompensableMethods.annotationOn(method, targetClass) != null;
    }

    private record Interceptor(Supplier<SagaBeans> beans) implements MethodInterceptor {

        @Override
        public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
            Object target = invocation.getThis();
            Method method = invocation.getMethod();
            Class<?> targetClass = target == null ? method.getDeclaringClass() : target.getClass();
            Compensable annotation = CompensableMethods.annotationOn(method, targetClass);
            if (annotation == null || !TransactionContext.isActive()) {
                return invocation.proceed();
            }
            String name = CompensableMethods.nameOf(annotation, method, targetClass);
            if (TransactionSynchronizationManager.isActualTransactionActive()) {
                throw new IllegalStateException(
                        "Step '" + name + "' was called within a local transaction, which may roll"
                                + " back when the step counts as done already: a step commits for itself. Call it outside of"
                                + " @Transactional; its own method may have it.");
            }
            SagaBeans.Served served = beans.get().step(name);
            if (served == null) {
                throw new IllegalStateException("Step '" + name + "' was called in a global transaction before the"
                        + " application has started, so that nobody would compensate it. Call it later, for example from an"
                        + " ApplicationRunner.");
            }
            List<@Nullable Object> arguments = Arrays.asList(invocation.getArguments());
            return served.sagas().run(served.action(), arguments, () -> proceed(invocation));
        }

        // The result may be null; the checker does not follow that through a generic lambda.
        @SuppressWarnings("NullAway")
        private static Object proceed(MethodInvocation invocation) throws Exception {
            try {
                return invocation.proceed();
            } catch (Throwable e) {
                throw SagaBeans.thrown(e);
            }
        }
    }
}
