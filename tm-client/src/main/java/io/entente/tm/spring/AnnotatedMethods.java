package io.entente.tm.spring;

import io.entente.configuration.InvalidSetupException;
import io.entente.tm.GlobalIsolation;
import io.entente.tm.GlobalLock;
import io.entente.tm.GlobalTransactional;
import io.entente.tm.RollbackRule;
import io.entente.tm.TransactionOptions;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodClassKey;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;

/** Finds what {@link GlobalTransactional} or {@link GlobalLock} says about a method, and refuses what it cannot mean. */
final class AnnotatedMethods {

    private static final int UNSET = -1;

    private static final List<Class<? extends Annotation>> ANNOTATIONS =
            List.of(GlobalTransactional.class, GlobalLock.class);

    private final Map<MethodClassKey, Optional<Surroundings>> surroundings = new ConcurrentHashMap<>();
    private final Set<Class<?>> checked = ConcurrentHashMap.newKeySet();

    /** What is put around a method. */
    sealed interface Surroundings {

        /** How the method is called in messages. */
        String name();

        /** A global transaction. */
        record Transaction(TransactionOptions options) implements Surroundings {
            @Override
            public String name() {
                return options.name();
            }
        }

        /** @param lockWait null for the default */
        record Lock(String name, @Nullable Duration lockWait, GlobalIsolation isolation) implements Surroundings {}
    }

    /**
     * What is put around {@code method} on an object of {@code targetClass}; null for nothing.
     *
     * @throws InvalidSetupException when the annotation cannot work as written
     */
    @Nullable
    Surroundings of(Method method, Class<?> targetClass) {
        return surroundings
                .computeIfAbsent(
                        new MethodClassKey(method, targetClass), key -> Optional.ofNullable(read(method, targetClass)))
                .orElse(null);
    }

    private @Nullable Surroundings read(Method method, Class<?> targetClass) {
        if (method.getDeclaringClass() == Object.class || !ClassUtils.isUserLevelMethod(method)) {
            return null;
        }
        Class<?> userClass = ClassUtils.getUserClass(targetClass);
        if (checked.add(userClass)) {
            refuseMethodsOutOfReach(userClass);
        }
        Method specific = AopUtils.getMostSpecificMethod(method, userClass);
        Surroundings said = saidOn(specific, specific, userClass);
        return said == null && Modifier.isPublic(specific.getModifiers())
                ? saidOn(userClass, specific, userClass)
                : said;
    }

    private static @Nullable Surroundings saidOn(AnnotatedElement element, Method method, Class<?> userClass) {
        GlobalTransactional transaction =
                AnnotatedElementUtils.findMergedAnnotation(element, GlobalTransactional.class);
        GlobalLock lock = AnnotatedElementUtils.findMergedAnnotation(element, GlobalLock.class);
        if (transaction != null && lock != null) {
            throw new InvalidSetupException(
                    describe(method, userClass) + " has both @GlobalTransactional and @GlobalLock, of which the one is"
                            + " inside a global transaction and the other outside.",
                    "Remove one of them.");
        }
        if (transaction != null) {
            return new Surroundings.Transaction(toOptions(transaction, method, userClass));
        }
        return lock == null ? null : toLock(lock, method, userClass);
    }

    private static Surroundings.Lock toLock(GlobalLock annotation, Method method, Class<?> userClass) {
        String where = describe(method, userClass);
        refusePublisher("@GlobalLock", method, where);
        Duration wait = lockWait(annotation.lockWaitMillis());
        try {
            if (wait != null) {
                TransactionOptions.requireLockWait("The lock wait", wait);
            }
        } catch (IllegalArgumentException e) {
            throw unusable("@GlobalLock", where, e);
        }
        return new Surroundings.Lock(where, wait, annotation.isolation());
    }

    private static InvalidSetupException unusable(String annotation, String where, IllegalArgumentException reason) {
        return new InvalidSetupException(
                annotation + " on " + where + " cannot be used: " + reason.getMessage(),
                "Correct the attributes of the annotation.");
    }

    /** A proxy cannot intercept these: the method would run without its transaction and nobody would notice. */
    private static void refuseMethodsOutOfReach(Class<?> userClass) {
        for (Method method : userClass.getDeclaredMethods()) {
            int modifiers = method.getModifiers();
            boolean outOfReach =
                    Modifier.isPrivate(modifiers) || Modifier.isStatic(modifiers) || Modifier.isFinal(modifiers);
            for (Class<? extends Annotation> annotation : ANNOTATIONS) {
                if (outOfReach && AnnotatedElementUtils.hasAnnotation(method, annotation)) {
                    throw new InvalidSetupException(
                            "@" + annotation.getSimpleName() + " on " + describe(method, userClass)
                                    + " has no effect: Spring cannot intercept a private, static or final method.",
                            "Make the method public and neither static nor final, or use GlobalTransactionTemplate.");
                }
            }
        }
    }

    private static TransactionOptions toOptions(GlobalTransactional annotation, Method method, Class<?> userClass) {
        String where = describe(method, userClass);
        refusePublisher("@GlobalTransactional", method, where);
        try {
            return new TransactionOptions(
                    annotation.name().isEmpty() ? where : annotation.name(),
                    annotation.timeoutMillis() == 0 ? null : Duration.ofMillis(annotation.timeoutMillis()),
                    annotation.propagation(),
                    rulesOf(annotation),
                    lockWait(annotation.lockWaitMillis()),
                    annotation.isolation());
        } catch (IllegalArgumentException e) {
            throw unusable("@GlobalTransactional", where, e);
        }
    }

    private static void refusePublisher(String annotation, Method method, String where) {
        if (isPublisher(method.getReturnType())) {
            throw new InvalidSetupException(
                    annotation + " on " + where + " cannot work: it returns a "
                            + method.getReturnType().getSimpleName()
                            + ", whose work begins only after the method and what is around it have ended.",
                    "Put the annotation around the place that waits for the result.");
        }
    }

    /** By name, because Reactive Streams need not be on the class path. */
    private static boolean isPublisher(@Nullable Class<?> type) {
        return type != null
                && (type.getName().equals("org.reactivestreams.Publisher")
                        || isPublisher(type.getSuperclass())
                        || Arrays.stream(type.getInterfaces()).anyMatch(AnnotatedMethods::isPublisher));
    }

    private static List<RollbackRule> rulesOf(GlobalTransactional annotation) {
        List<RollbackRule> rules = new ArrayList<>();
        for (Class<?> type : annotation.rollbackFor()) {
            rules.add(new RollbackRule(type.getName(), true));
        }
        for (String name : annotation.rollbackForClassName()) {
            rules.add(new RollbackRule(name, true));
        }
        for (Class<?> type : annotation.noRollbackFor()) {
            rules.add(new RollbackRule(type.getName(), false));
        }
        for (String name : annotation.noRollbackForClassName()) {
            rules.add(new RollbackRule(name, false));
        }
        return rules;
    }

    private static @Nullable Duration lockWait(int millis) {
        return millis == UNSET ? null : Duration.ofMillis(millis);
    }

    private static String describe(Method method, Class<?> userClass) {
        return userClass.getSimpleName() + "." + method.getName();
    }
}
