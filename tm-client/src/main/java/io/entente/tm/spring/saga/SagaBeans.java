package io.entente.tm.spring.saga;

import io.entente.configuration.InvalidSetupException;
import io.entente.tm.fence.Fence;
import io.entente.tm.saga.Compensable;
import io.entente.tm.saga.CompensableAction;
import io.entente.tm.saga.InvalidSagaException;
import io.entente.tm.saga.Saga;
import io.entente.tm.saga.Sagas;
import io.entente.tm.spring.tcc.FenceSource;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ReflectionUtils;

/** Finds the sagas and the methods with {@link Compensable} of all beans when these are made, and serves them. */
final class SagaBeans implements SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger(SagaBeans.class);

    private final ConfigurableListableBeanFactory beans;
    private final Supplier<@Nullable FenceSource> fences;
    private final Supplier<Sagas> sagas;
    private final CompensableMethods methods = new CompensableMethods();
    private final Map<String, Found> found = new LinkedHashMap<>();
    private final Map<String, Served> served = new ConcurrentHashMap<>();

    private record Found(String beanName, CompensableMethod method) {}

    /** A step that can be run. */
    record Served(Sagas sagas, CompensableAction action) {}

    /** @param fences gives null where the application has no JDBC */
    SagaBeans(ConfigurableListableBeanFactory beans, Supplier<@Nullable FenceSource> fences, Supplier<Sagas> sagas) {
        this.beans = beans;
        this.fences = fences;
        this.sagas = sagas;
    }

    @Override
    public void afterSingletonsInstantiated() {
        for (String beanName : beans.getBeanNamesForType(Object.class, true, false)) {
            if (ScopedProxyUtils.isScopedTarget(beanName)) {
                continue;
            }
            Class<?> type = AutoProxyUtils.determineTargetClass(beans, beanName);
            if (type != null && AnnotationUtils.isCandidateClass(type, Compensable.class)) {
                methods.of(type).forEach(method -> add(beanName, method));
            }
        }
    }

    private void add(String beanName, CompensableMethod method) {
        if (!beans.isSingleton(beanName)) {
            throw new InvalidSetupException(
                    method.where() + " cannot work: bean '" + beanName
                            + "' is no singleton, but the compensation is called when the request or session it belongs to is"
                            + " gone.",
                    "Move both methods to a singleton bean.");
        }
        Found other = found.putIfAbsent(method.name(), new Found(beanName, method));
        if (other != null) {
            throw new InvalidSetupException(
                    "There are two steps named '" + method.name() + "': " + method.where() + " (bean '" + beanName
                            + "') and " + other.method().where() + " (bean '" + other.beanName() + "').",
                    "Give each its own name: the coordinator knows a step by it.\n\n    @Compensable(name = \""
                            + method.name() + " 2\", …)");
        }
        requireIntercepted(beanName, method);
    }

    /** A bean that was made before the advisor would run its steps as ordinary methods, and nobody would notice. */
    private void requireIntercepted(String beanName, CompensableMethod method) {
        if (!beans.containsSingleton(beanName)) {
            return;
        }
        Object bean = beans.getBean(beanName);
        boolean intercepted = bean instanceof Advised advised
                && Arrays.stream(advised.getAdvisors()).anyMatch(CompensableAdvisor.class::isInstance);
        if (!intercepted) {
            throw new InvalidSetupException(
                    method.where() + " has no effect: bean '" + beanName + "' of type "
                            + bean.getClass().getName()
                            + " is not proxied by Spring. It was made too early, as a bean post-processor or for one, or"
                            + " was registered as a finished object.",
                    "Declare the bean so that Spring makes it, and let no bean post-processor depend on it.");
        }
        var unused = onBean(bean, method.compensation(), method);
    }

    /**
     * Begins to answer for sagas and steps.
     *
     * @throws InvalidSetupException a step cannot be fenced, or two sagas have the same name
     */
    void serve() {
        beans.getBeansOfType(Saga.class).forEach((beanName, saga) -> {
            try {
                sagas.get().serve(saga);
            } catch (InvalidSagaException e) {
                throw new InvalidSetupException(
                        "Bean '" + beanName + "' cannot be used: " + e.getMessage(),
                        "Name one of the two differently, in Saga.named(…).");
            }
        });
        found.values().forEach(this::serve);
    }

    private void serve(Found one) {
        CompensableMethod method = one.method();
        CompensableAction action = new CompensableAction(
                method.name(),
                method.parameterTypes(),
                method.resultType(),
                method.fenced() ? fence(method) : null,
                (arguments, result) -> compensate(one, arguments, result));
        Sagas all = sagas.get();
        all.serve(action);
        served.put(method.name(), new Served(all, action));
        log.info("Step {}: {}{}", method.name(), method.where(), method.fenced() ? "" : ", not fenced");
    }

    private Fence fence(CompensableMethod method) {
        FenceSource source = fences.get();
        String unfenced = "If the step uses no database, let both methods bear to be called twice and late, and say so:"
                + "\n\n    @Compensable(…, fenced = false)";
        if (source == null) {
            throw new InvalidSetupException(
                    method.where()
                            + " is fenced, but this application has no spring-jdbc and no transactions of Spring,"
                            + " which the fence needs.",
                    "Add spring-boot-starter-jdbc. " + unfenced);
        }
        try {
            source.requireJoining(method.step(), method.targetClass(), method.dataSource(), method.where());
            source.requireJoining(method.compensation(), method.targetClass(), method.dataSource(), method.where());
            return source.fence(method.dataSource(), method.where());
        } catch (InvalidSetupException e) {
            // The source speaks of the annotation of TCC.
            String action = e.action()
                    .lines()
                    .filter(line -> !line.contains("@TwoPhaseBusinessAction"))
                    .reduce("", (text, line) -> text + line + "\n");
            throw new InvalidSetupException(String.valueOf(e.getMessage()), action.strip() + "\n\n" + unfenced);
        }
    }

    private void compensate(Found one, List<@Nullable Object> arguments, @Nullable Object result) throws Exception {
        CompensableMethod method = one.method();
        List<@Nullable Object> all = new ArrayList<>(arguments);
        if (method.resultType() != null) {
            all.add(result);
        }
        Object bean = beans.getBean(one.beanName());
        try {
            Object unused = onBean(bean, method.compensation(), method).invoke(bean, all.toArray());
        } catch (InvocationTargetException e) {
            throw thrown(e.getTargetException());
        }
    }

    /** The method as everybody calls it, so that {@code @Transactional} and the like apply. */
    private static Method onBean(Object bean, Method method, CompensableMethod declared) {
        try {
            Method invocable = AopUtils.selectInvocableMethod(method, bean.getClass());
            ReflectionUtils.makeAccessible(invocable);
            return invocable;
        } catch (IllegalStateException e) {
            throw new InvalidSetupException(
                    declared.where()
                            + " cannot work: the bean is proxied by its interfaces, and none of them has the method "
                            + method.getName() + ".",
                    "Declare it in an interface of the bean, or let Spring proxy classes:\n\n"
                            + "    spring.aop.proxy-target-class=true");
        }
    }

    /** What can be thrown on; methods may throw other kinds of throwables. */
    static Exception thrown(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof Exception exception ? exception : new UndeclaredThrowableException(failure);
    }

    /** The step of that name; null before it is served. */
    @Nullable
    Served step(String name) {
        return served.get(name);
    }
}
