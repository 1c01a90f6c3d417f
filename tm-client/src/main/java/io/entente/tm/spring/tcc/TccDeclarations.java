package io.entente.tm.spring.tcc;

import io.entente.configuration.InvalidSetupException;
import io.entente.tm.tcc.TccParameter;
import io.entente.tm.tcc.TwoPhaseBusinessAction;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.BridgeMethodResolver;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.GenericTypeResolver;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/** Reads {@link TwoPhaseBusinessAction} on the methods of a bean, and refuses what it cannot mean. */
final class TccDeclarations {

    private final ParameterNameDiscoverer parameterNames = new DefaultParameterNameDiscoverer();
    private final TccTypes types = new TccTypes();

    /** What the annotation on {@code method}, of an object of {@code targetClass}, says; null without one. */
    static @Nullable TwoPhaseBusinessAction annotationOn(Method method, Class<?> targetClass) {
        if (method.getDeclaringClass() == Object.class || !ClassUtils.isUserLevelMethod(method)) {
            return null;
        }
        Method specific = AopUtils.getMostSpecificMethod(method, targetClass);
        return AnnotatedElementUtils.findMergedAnnotation(specific, TwoPhaseBusinessAction.class);
    }

    /** @throws InvalidSetupException a declaration cannot work as written */
    List<TccDeclaration> of(Class<?> beanClass) {
        Class<?> targetClass = ClassUtils.getUserClass(beanClass);
        List<Method> methods = methodsOf(targetClass);
        List<TccDeclaration> found = new ArrayList<>();
        for (Method method : methods) {
            TwoPhaseBusinessAction annotation = annotationOn(method, targetClass);
            if (annotation != null) {
                found.add(new Reading(targetClass, methods, method, annotation).declaration());
            }
        }
        refuseSharedPhases(found);
        return found;
    }

    /** One per signature, the most specific. Of a proxy, what its interfaces declare. */
    private static List<Method> methodsOf(Class<?> targetClass) {
        if (!Proxy.isProxyClass(targetClass) && !targetClass.isInterface()) {
            return Arrays.stream(ReflectionUtils.getUniqueDeclaredMethods(targetClass))
                    .filter(method -> !method.isBridge() && method.getDeclaringClass() != Object.class)
                    .toList();
        }
        Set<Method> methods = new LinkedHashSet<>();
        for (Class<?> type : ClassUtils.getAllInterfacesForClassAsSet(targetClass)) {
            Arrays.stream(type.getMethods())
                    .filter(method -> !method.isBridge())
                    .forEach(methods::add);
        }
        return List.copyOf(methods);
    }

    /** With the same method for two actions, or for both decisions, a name was forgotten or written twice. */
    private static void refuseSharedPhases(List<TccDeclaration> declarations) {
        for (TccDeclaration one : declarations) {
            if (one.commit().equals(one.rollback())) {
                throw new InvalidSetupException(
                        one.where() + " cannot work: commitMethod and rollbackMethod are both "
                                + one.commit().getName() + ".",
                        "Name one method that makes the try final, and another one that undoes it.");
            }
            for (TccDeclaration other : declarations) {
                boolean shared = one.commit().equals(other.commit())
                        || one.rollback().equals(other.rollback())
                        || one.commit().equals(other.rollback());
                if (shared && !one.equals(other)) {
                    throw new InvalidSetupException(
                            one.where() + " and "
                                    + other.where().substring(other.where().indexOf(" on ") + 4)
                                    + " share a confirm or cancel method: "
                                    + one.commit().getName() + ", "
                                    + one.rollback().getName() + " and "
                                    + other.commit().getName() + ", "
                                    + other.rollback().getName() + ".",
                            "Give each action its own, with the attributes commitMethod and rollbackMethod.");
                }
            }
        }
    }

    /** One annotation being read. */
    private final class Reading {

        private final Class<?> targetClass;
        private final List<Method> methods;
        private final Method trial;
        private final TwoPhaseBusinessAction annotation;
        private final String where;
        private final List<Type> parameterTypes;
        private final List<String> names;

        Reading(Class<?> targetClass, List<Method> methods, Method trial, TwoPhaseBusinessAction annotation) {
            this.targetClass = targetClass;
            this.methods = methods;
            this.trial = trial;
            this.annotation = annotation;
            this.where = "@TwoPhaseBusinessAction on "
                    + (Proxy.isProxyClass(targetClass) ? trial.getDeclaringClass() : targetClass).getSimpleName() + "."
                    + trial.getName();
            this.parameterTypes = typesOf(trial);
            this.names = namesOf(trial);
        }

        TccDeclaration declaration() {
            requireOneMeaning();
            requireName();
            requireReachable(trial, "the try");
            requireNow(trial, "the try");
            List<TccParameter> parameters = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                requireKept(names.get(i), parameterTypes.get(i));
                parameters.add(new TccParameter(names.get(i), parameterTypes.get(i)));
            }
            Method commit = phase("confirm", "commitMethod", annotation.commitMethod());
            Method rollback = phase("cancel", "rollbackMethod", annotation.rollbackMethod());
            return new TccDeclaration(
                    annotation.name(),
                    where,
                    targetClass,
                    trial,
                    commit,
                    rollback,
                    parameters,
                    annotation.useTCCFence(),
                    annotation.dataSource());
        }

        private void requireOneMeaning() {
            List<TwoPhaseBusinessAction> all =
                    MergedAnnotations.from(trial, MergedAnnotations.SearchStrategy.TYPE_HIERARCHY).stream(
                                    TwoPhaseBusinessAction.class)
                            .map(MergedAnnotation::synthesize)
                            .distinct()
                            .toList();
            if (all.size() > 1) {
                throw invalid(
                        "is there twice, on the class and on an interface or superclass, and says different things: "
                                + all + ".",
                        "Keep one of them.");
            }
        }

        private void requireName() {
            String name = annotation.name();
            if (name.isBlank() || name.contains(",") || name.length() > 255) {
                throw invalid(
                        "has the name '" + name
                                + "', which is blank, contains a comma, or is longer than 255 characters.",
                        "Give the action a short name that stays the same in all versions of the application.");
            }
        }

        /** A proxy cannot intercept these, and on a proxy they would run without the bean's fields. */
        private void requireReachable(Method method, String role) {
            int modifiers = method.getModifiers();
            if (Modifier.isPrivate(modifiers) || Modifier.isStatic(modifiers) || Modifier.isFinal(modifiers)) {
                throw invalid(
                        "cannot work: " + role + ", " + JavaSource.of(method, namesOf(method))
                                + ", is private, static or final, which Spring cannot call through the bean.",
                        expected());
            }
        }

        private void requireNow(Method method, String role) {
            Class<?> returned = method.getReturnType();
            if (TccTypes.isAsynchronous(returned)) {
                throw invalid(
                        "cannot work: " + role + ", " + JavaSource.of(method, namesOf(method)) + ", returns a "
                                + returned.getSimpleName() + ", so that its work goes on when it has returned.",
                        "Return when the work is done; it may run on another thread that the method waits for.\n\n"
                                + expected());
            }
        }

        private void requireKept(String name, Type type) {
            String problem = types.problemOf(type);
            if (problem != null) {
                throw invalid(
                        "cannot work: its parameter " + name + " of type " + JavaSource.type(type) + " " + problem
                                + ". Arguments are kept at the coordinator as JSON until the transaction is decided.",
                        "Pass plain data: records, beans, collections, java.time, numbers, text.");
            }
        }

        private Method phase(String role, String attribute, String name) {
            List<Method> candidates = methods.stream()
                    .filter(method -> method.getName().equals(name))
                    .toList();
            if (candidates.isEmpty()) {
                throw invalid(
                        "has no " + role + " method: there is no method " + name + " in " + targetName()
                                + " (attribute " + attribute + ").",
                        expected());
            }
            Method phase = candidates.stream()
                    .filter(method -> typesOf(method).equals(parameterTypes))
                    .findFirst()
                    .orElseThrow(() -> invalid(
                            "has no " + role + " method: it must take exactly what the try takes, but "
                                    + (candidates.size() == 1
                                            ? "there is only "
                                            : "each of these takes something else: ")
                                    + String.join(
                                            "; ",
                                            candidates.stream()
                                                    .map(method -> JavaSource.of(method, namesOf(method)))
                                                    .toList())
                                    + ".",
                            expected()));
            if (annotationOn(phase, targetClass) != null) {
                throw invalid(
                        "cannot work: its " + role + " method " + name
                                + " has the annotation itself, and would begin another"
                                + " action instead of ending this one.",
                        "Put the annotation only on the try.\n\n" + expected());
            }
            requireReachable(phase, "its " + role + " method");
            requireNow(phase, "its " + role + " method");
            return phase;
        }

        private String targetName() {
            return Proxy.isProxyClass(targetClass)
                    ? trial.getDeclaringClass().getSimpleName()
                    : targetClass.getSimpleName();
        }

        private String expected() {
            return "Expected, for what the annotation says:\n\n    @TwoPhaseBusinessAction(name = \""
                    + annotation.name()
                    + "\", commitMethod = \"" + annotation.commitMethod() + "\", rollbackMethod = \""
                    + annotation.rollbackMethod() + "\")\n    public " + JavaSource.type(trial.getGenericReturnType())
                    + " "
                    + JavaSource.signature(trial.getName(), parameterTypes, names)
                            .substring("public void ".length())
                    + "\n\n    " + JavaSource.signature(annotation.commitMethod(), parameterTypes, names) + "\n\n    "
                    + JavaSource.signature(annotation.rollbackMethod(), parameterTypes, names);
        }

        private List<Type> typesOf(Method method) {
            return Arrays.stream(method.getGenericParameterTypes())
                    .map(type -> GenericTypeResolver.resolveType(type, targetClass))
                    .toList();
        }

        private List<String> namesOf(Method method) {
            String @Nullable [] discovered =
                    parameterNames.getParameterNames(BridgeMethodResolver.findBridgedMethod(method));
            return IntStream.range(0, method.getParameterCount())
                    .mapToObj(i -> discovered == null ? "argument" + (i + 1) : discovered[i])
                    .toList();
        }

        private InvalidSetupException invalid(String problem, String action) {
            return new InvalidSetupException(where + " " + problem, action);
        }
    }
}
