package io.entente.tm.spring;

import io.entente.configuration.InvalidSetupException;
import io.entente.tm.GlobalTransactional;
import io.entente.tm.RollbackRule;
import io.entente.tm.TransactionOptions;
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

/** Finds what {@link GlobalTransactional} says about a method, and refuses what it cannot mean. */
final class AnnotatedMethods {

    private static final int UNSET = -1;

    private final Map<MethodClassKey, Optional<TransactionOptions>> options = new ConcurrentHashMap<>();
    private final Set<Class<?>> checked = ConcurrentHashMap.newKeySet();

    /**
     * The options of {@code method} on an object of {@code targetClass}; null when it is not transactional.
     *
     * @throws InvalidSetupException when the annotation cannot work as written
     */
    @Nullable
    TransactionOptions optionsOf(Method method, Class<?> targetClass) {
        return options.computeIfAbsent(
                        new MethodClassKey(method, targetClass),
                        key -> Optional.ofNullable(readOptions(method, targetClass)))
                .orElse(null);
    }

    private @Nullable TransactionOptions readOptions(Method method, Class<?> targetClass) {
        if (method.getDeclaringClass() == Object.class || !ClassUtils.isUserLevelMethod(method)) {
            return null;
        }
        Class<?> userClass = ClassUtils.getUserClass(targetClass);
        if (checked.add(userClass)) {
            refuseMethodsOutOfReach(userClass);
        }
        Method specific = AopUtils.getMostSpecificMethod(method, userClass);
        GlobalTransactional annotation =
                AnnotatedElementUtils.findMergedAnnotation(specific, GlobalTransactional.class);
        if (annotation == null && Modifier.isPublic(specific.getModifiers())) {
            annotation = AnnotatedElementUtils.findMergedAnnotation(userClass, GlobalTransactional.class);
        }
        return annotation == null ? null : toOptions(annotation, specific, userClass);
    }

    /** A proxy cannot intercept these: the method would run without its transaction and nobody would notice. */
    private static void refuseMethodsOutOfReach(Class<?> userClass) {
        for (Method method : userClass.getDeclaredMethods()) {
            int modifiers = method.getModifiers();
            boolean outOfReach =
                    Modifier.isPrivate(modifiers) || Modifier.isStatic(modifiers) || Modifier.isFinal(modifiers);
            if (outOfReach && AnnotatedElementUtils.hasAnnotation(method, GlobalTransactional.class)) {
                throw new InvalidSetupException(
                        "@GlobalTransactional on " + describe(method, userClass)
                                + " has no effect: Spring cannot intercept a private, static or final method.",
                        "Make the method public and neither static nor final, or use GlobalTransactionTemplate.");
            }
        }
    }

    private static TransactionOptions toOptions(GlobalTransactional annotation, Method method, Class<?> userClass) {
        String where = describe(method, userClass);
        refusePublisher(method, where);
        try {
            return new TransactionOptions(
                    annotation.name().isEmpty() ? where : annotation.name(),
                    annotation.timeoutMillis() == 0 ? null : Duration.ofMillis(annotation.timeoutMillis()),
                    annotation.propagation(),
                    rulesOf(annotation),
                    lockWaitOf(annotation));
        } catch (IllegalArgumentException e) {
            throw new InvalidSetupException(
                    "@GlobalTransactional on " + where + " cannot be used: " + e.getMessage(),
                    "Correct the attributes of the annotation.");
        }
    }

    private static void refusePublisher(Method method, String where) {
        if (isPublisher(method.getReturnType())) {
            throw new InvalidSetupException(
                    "@GlobalTransactional on " + where + " cannot work: it returns a "
                            + method.getReturnType().getSimpleName()
                            + ", whose work begins only after the method and its transaction have ended.",
                    "Put the transaction around the place that waits for the result.");
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

    private static @Nullable Duration lockWaitOf(GlobalTransactional annotation) {
        int millis = annotation.lockWaitMillis();
        return millis == UNSET ? null : Duration.ofMillis(millis);
    }

    private static String describe(Method method, Class<?> userClass) {
        return userClass.getSimpleName() + "." + method.getName();
    }
}
