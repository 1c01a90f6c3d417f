package io.entente.tm.spring.tcc;

import io.entente.configuration.InvalidSetupException;
import io.entente.tm.tcc.TccAction;
import io.entente.tm.tcc.TccActions;
import io.entente.tm.tcc.TccPhase;
import io.entente.tm.tcc.TwoPhaseBusinessAction;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.UndeclaredThrowableException;
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

/** Finds the actions of all beans when these are made, and serves them. */
final class TccBeans implements SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger(TccBeans.class);

    private final ConfigurableListableBeanFactory beans;
    private final Supplier<@Nullable FenceSource> fences;
    private final Supplier<TccActions> actions;
    private final TccDeclarations declarations = new TccDeclarations();
    private final Map<String, Found> found = new LinkedHashMap<>();
    private final Map<String, Served> served = new ConcurrentHashMap<>();

    private record Found(String beanName, TccDeclaration declaration) {}

    /** An action that can be tried. */
    record Served(TccActions actions, TccAction<List<@Nullable Object>> action, boolean fenced) {}

    /**
     * @param fences gives null where the application has no JDBC
     * @param actions asked for when there is an action
     */
    TccBeans(
            ConfigurableListableBeanFactory beans,
            Supplier<@Nullable FenceSource> fences,
            Supplier<TccActions> actions) {
        this.beans = beans;
        this.fences = fences;
        this.actions = actions;
    }

    @Override
    public void afterSingletonsInstantiated() {
        for (String beanName : beans.getBeanNamesForType(Object.class)) {
            if (ScopedProxyUtils.isScopedTarget(beanName)) {
                continue;
            }
            Class<?> type = AutoProxyUtils.determineTargetClass(beans, beanName);
            if (type != null && AnnotationUtils.isCandidateClass(type, TwoPhaseBusinessAction.class)) {
                declarations.of(type).forEach(declaration -> add(beanName, declaration));
            }
        }
    }

    private void add(String beanName, TccDeclaration declaration) {
        if (!beans.isSingleton(beanName)) {
            throw new InvalidSetupException(
                    declaration.where() + " cannot work: bean '" + beanName
                            + "' is no singleton, but confirm and cancel are"
                            + " called when the request or session it belongs to is gone.",
                    "Move the three methods to a singleton bean.");
        }
        Found other = found.putIfAbsent(declaration.name(), new Found(beanName, declaration));
        if (other != null) {
            throw new InvalidSetupException(
                    "There are two TCC actions named '" + declaration.name() + "': " + declaration.where() + " (bean '"
                            + beanName + "') and " + other.declaration().where() + " (bean '" + other.beanName()
                            + "').",
                    "Give each its own name: the coordinator knows an action by it.");
        }
        requireIntercepted(beanName, declaration);
    }

    /** A bean that was made before the advisor would run its tries as ordinary methods, and nobody would notice. */
    private void requireIntercepted(String beanName, TccDeclaration declaration) {
        if (!beans.containsSingleton(beanName)) {
            return;
        }
        Object bean = beans.getBean(beanName);
        boolean intercepted = bean instanceof Advised advised
                && Arrays.stream(advised.getAdvisors()).anyMatch(TccAdvisor.class::isInstance);
        if (!intercepted) {
            throw new InvalidSetupException(
                    declaration.where() + " has no effect: bean '" + beanName + "' of type "
                            + bean.getClass().getName()
                            + " is not proxied by Spring. It was made too early, as a bean post-processor or for one, or"
                            + " was registered as a finished object.",
                    "Declare the bean so that Spring makes it, and let no bean post-processor depend on it.");
        }
        for (Method method : List.of(declaration.trial(), declaration.commit(), declaration.rollback())) {
            var unused = onBean(bean, method, declaration);
        }
    }

    private static Method onBean(Object bean, Method method, TccDeclaration declaration) {
        try {
            Method invocable = AopUtils.selectInvocableMethod(method, bean.getClass());
            ReflectionUtils.makeAccessible(invocable);
            return invocable;
        } catch (IllegalStateException e) {
            throw new InvalidSetupException(
                    declaration.where()
                            + " cannot work: the bean is proxied by its interfaces, and none of them has the method "
                            + method.getName() + ".",
                    "Declare the try, confirm and cancel in an interface of the bean, or let Spring proxy classes:\n\n"
                            + "    spring.aop.proxy-target-class=true");
        }
    }

    /** Whether there is an action at all. */
    boolean isEmpty() {
        return found.isEmpty();
    }

    /**
     * Begins to answer for the actions.
     *
     * @throws InvalidSetupException one of them cannot be fenced
     */
    void serve() {
        found.values().forEach(this::serve);
    }

    private void serve(Found one) {
        TccDeclaration declaration = one.declaration();
        var phases = TccAction.named(declaration.name(), declaration.parameters())
                .confirm(onBean(one, declaration.commit()))
                .cancel(onBean(one, declaration.rollback()));
        TccAction<List<@Nullable Object>> action = phases.unfenced();
        if (declaration.fenced()) {
            FenceSource source = fences.get();
            if (source == null) {
                throw new InvalidSetupException(
                        declaration.where()
                                + " is fenced, but this application has no spring-jdbc and no transactions of"
                                + " Spring, which the fence needs.",
                        "Add spring-boot-starter-jdbc. If the action uses no database, see to idempotence yourself:\n\n"
                                + "    @TwoPhaseBusinessAction(…, useTCCFence = false)");
            }
            for (Method method : List.of(declaration.trial(), declaration.commit(), declaration.rollback())) {
                source.requireJoining(method, declaration.targetClass(), declaration.dataSource(), declaration.where());
            }
            action = phases.fencedBy(source.fence(declaration.dataSource(), declaration.where()));
        }
        TccActions all = actions.get();
        served.put(declaration.name(), new Served(all, action, declaration.fenced()));
        all.serve(action);
        log.info(
                "TCC action {}: {}{}",
                declaration.name(),
                declaration.where(),
                declaration.fenced() ? "" : ", not fenced");
    }

    /** Calls the bean as everybody does, so that {@code @Transactional} and the like apply. */
    private TccPhase<List<@Nullable Object>, @Nullable Object> onBean(Found one, Method method) {
        return arguments -> {
            Object bean = beans.getBean(one.beanName());
            try {
                return onBean(bean, method, one.declaration()).invoke(bean, arguments.toArray());
            } catch (InvocationTargetException e) {
                throw thrown(e.getTargetException());
            }
        };
    }

    /** What can be thrown on; methods may throw other kinds of throwables. */
    static Exception thrown(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof Exception exception ? exception : new UndeclaredThrowableException(failure);
    }

    /** The action of that name; null before it is served. */
    @Nullable
    Served action(String name) {
        return served.get(name);
    }
}
