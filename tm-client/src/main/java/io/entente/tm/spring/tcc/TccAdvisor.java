package io.entente.tm.spring.tcc;

import io.entente.tm.tcc.TwoPhaseBusinessAction;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.StaticMethodMatcherPointcutAdvisor;
import org.springframework.core.MethodClassKey;

/** Runs calls of methods with {@link TwoPhaseBusinessAction} as tries. */
final class TccAdvisor extends StaticMethodMatcherPointcutAdvisor {

    private static final long serialVersionUID = 1;

    /** @param beans asked for at the first call, because advisors are made before most other beans */
    TccAdvisor(Supplier<TccBeans> beans, boolean localTransactions, int order) {
        setAdvice(new Interceptor(beans, localTransactions, new ConcurrentHashMap<>()));
        setOrder(order);
    }

    @Override
    public boolean matches(Method method, Class<?> targetClass) {
        return TccDeclarations.annotationOn(method, targetClass) != null;
    }

    /** @param names of actions by their methods, as far as looked up; empty where there is none */
    private record Interceptor(
            Supplier<TccBeans> beans, boolean localTransactions, Map<MethodClassKey, Optional<String>> names)
            implements MethodInterceptor {

        @Override
        public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
            Object target = invocation.getThis();
            Method method = invocation.getMethod();
            Class<?> targetClass = target == null ? method.getDeclaringClass() : target.getClass();
            String name = names.computeIfAbsent(
                            new MethodClassKey(method, targetClass),
                            key -> Optional.ofNullable(TccDeclarations.annotationOn(method, targetClass))
                                    .map(TwoPhaseBusinessAction::name))
                    .orElse(null);
            if (name == null) {
                return invocation.proceed();
            }
            TccBeans.Served served = beans.get().action(name);
            if (served == null) {
                throw new IllegalStateException(
                        "TCC action '" + name + "' was tried before the application has started,"
                                + " so that nobody would confirm or cancel it. Call it later, for example from an"
                                + " ApplicationRunner.");
            }
            boolean joins = localTransactions && JoinedTransaction.isActive();
            List<@Nullable Object> arguments = Arrays.asList(invocation.getArguments());
            return served.actions().run(served.action(), arguments, ignored -> proceed(invocation, served, joins));
        }

        // The result may be null; the checker does not follow that through a generic lambda.
        @SuppressWarnings("NullAway")
        private static Object proceed(MethodInvocation invocation, TccBeans.Served served, boolean joins)
                throws Exception {
            Object result;
            try {
                result = invocation.proceed();
            } catch (Throwable e) {
                throw TccBeans.thrown(e);
            }
            if (joins) {
                JoinedTransaction.watch(served.actions(), served.fenced());
            }
            return result;
        }
    }
}
