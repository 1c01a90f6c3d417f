package io.entente.tm.spring.saga;

import io.entente.configuration.InvalidSetupException;
import io.entente.tm.saga.Compensable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.GenericTypeResolver;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/** Reads {@link Compensable} on the methods of a bean, and refuses what it cannot mean. */
final class CompensableMethods {

    private static final int LONGEST_NAME = 255;

    private final ParameterNameDiscoverer parameterNames = new DefaultParameterNameDiscoverer();

    /** What the annotation on {@code method}, of an object of {@code targetClass}, says; null without one. */
    static @Nullable Compensable annotationOn(Method method, Class<?> targetClass) {
        if (method.getDeclaringClass() == Object.class || !ClassUtils.isUserLevelMethod(method)) {
            return null;
        }
        Method specific = AopUtils.getMostSpecificMethod(method, targetClass);
        return AnnotatedElementUtils.findMergedAnnotation(specific, Compensable.class);
    }

    /** The step's name at the coordinator. */
    static String nameOf(Compensable annotation, Method method, Class<?> targetClass) {
        return annotation.name().isEmpty()
                ? ClassUtils.getUserClass(targetClass).getSimpleName() + "." + method.getName()
                : annotation.name();
    }

    /** @throws InvalidSetupException a declaration cannot work as written */
    List<CompensableMethod> of(Class<?> beanClass) {
        Class<?> targetClass = ClassUtils.getUserClass(beanClass);
        List<Method> methods = Arrays.stream(ReflectionUtils.getUniqueDeclaredMethods(targetClass))
                .filter(method -> !method.isBridge() && method.getDeclaringClass() != Object.class)
                .toList();
        List<CompensableMethod> found = new ArrayList<>();
        for (Method method : methods) {
            Compensable annotation = annotationOn(method, targetClass);
            if (annotation != null) {
                found.add(new Reading(targetClass, methods, method, annotation).read());
            }
        }
        return found;
    }

    /** One annotation being read. */
    private final class Reading {

        private final Class<?> targetClass;
        private final List<Method> methods;
        private final Method step;
        private final Compensable annotation;
        private final String where;
        private final List<Type> parameterTypes;
        private final Type resultType;

        Reading(Class<?> targetClass, List<Method> methods, Method step, Compensable annotation) {
            this.targetClass = targetClass;
            this.methods = methods;
            this.step = step;
            this.annotation = annotation;
            this.where = "@Compensable on " + targetClass.getSimpleName() + "." + step.getName();
            this.parameterTypes = typesOf(step);
            this.resultType = GenericTypeResolver.resolveType(step.getGenericReturnType(), targetClass);
        }

        CompensableMethod read() {
            String name = nameOf(annotation, step, targetClass);
            if (name.isBlank() || name.contains(",") || name.contains("/") || name.length() > LONGEST_NAME) {
                throw invalid(
                        "has the name '" + name
                                + "', which is blank, contains a comma or a slash, or is longer than 255 characters.",
                        "Give the step a short name that stays the same in all versions of the application.");
            }
            requireUsable(step, "the step");
            Method compensation = compensation();
            requireUsable(compensation, "its compensation");
            boolean takesResult = compensation.getParameterCount() > parameterTypes.size();
            if (takesResult && compensation.getParameterTypes()[parameterTypes.size()].isPrimitive()) {
                throw invalid(
                        "has a compensation that takes the result as a primitive, which cannot be null; it is null when it"
                                + " is not known how the step ended.",
                        "Take it as an object, as in Long for long.");
            }
            return new CompensableMethod(
                    name,
                    where,
                    targetClass,
                    step,
                    compensation,
                    parameterTypes,
                    takesResult ? resultType : null,
                    annotation.fenced(),
                    annotation.dataSource());
        }

        private Method compensation() {
            String name = annotation.compensationMethod();
            List<Method> candidates = methods.stream()
                    .filter(method -> method.getName().equals(name) && !method.equals(step))
                    .toList();
            if (candidates.isEmpty()) {
                throw invalid(
                        "has no compensation: there is no other method '" + name + "' in " + targetClass.getSimpleName()
                                + ".",
                        expected());
            }
            List<Method> fitting = candidates.stream()
                    .filter(method -> typesOf(method).equals(parameterTypes)
                            || typesOf(method).equals(withResult()))
                    .toList();
            if (fitting.isEmpty()) {
                throw invalid(
                        "has no compensation: it must take what the step takes, and the result if it likes, but there is"
                                + " only "
                                + candidates.stream()
                                        .map(method -> signature(method.getName(), typesOf(method), namesOf(method)))
                                        .collect(Collectors.joining(", "))
                                + ".",
                        expected());
            }
            if (fitting.size() > 1) {
                throw invalid(
                        "has two compensations: a method '" + name + "' with the result and one without.",
                        "Keep one of them. " + expected());
            }
            if (annotationOn(fitting.get(0), targetClass) != null) {
                throw invalid(
                        "cannot work: its compensation '" + name + "' has the annotation itself.",
                        "Put the annotation only on the step. " + expected());
            }
            return fitting.get(0);
        }

        /** A proxy cannot intercept these, and on a proxy they would run without the bean's fields. */
        private void requireUsable(Method method, String role) {
            int modifiers = method.getModifiers();
            if (Modifier.isPrivate(modifiers) || Modifier.isStatic(modifiers) || Modifier.isFinal(modifiers)) {
                throw invalid(
                        "cannot work: " + role + " '" + method.getName()
                                + "' is private, static or final, which Spring cannot call through the bean.",
                        expected());
            }
            Class<?> returned = method.getReturnType();
            boolean later = Future.class.isAssignableFrom(returned)
                    || CompletionStage.class.isAssignableFrom(returned)
                    || ClassUtils.getAllInterfacesForClassAsSet(returned).stream()
                            .anyMatch(type -> type.getName().equals("org.reactivestreams.Publisher"));
            if (later) {
                throw invalid(
                        "cannot work: " + role + " '" + method.getName() + "' returns a " + returned.getSimpleName()
                                + ", so that its work goes on when it has returned.",
                        "Return when the work is done.");
            }
        }

        private List<Type> withResult() {
            List<Type> types = new ArrayList<>(parameterTypes);
            types.add(resultType);
            return types;
        }

        private String expected() {
            List<String> names = namesOf(step);
            String plain = signature(annotation.compensationMethod(), parameterTypes, names);
            if (resultType == void.class) {
                return "Expected:\n\n    public void " + plain;
            }
            List<String> more = new ArrayList<>(names);
            more.add("result");
            return "Expected one of:\n\n    public void " + plain + "\n    public void "
                    + signature(annotation.compensationMethod(), withResult(), more);
        }

        private List<Type> typesOf(Method method) {
            return Arrays.stream(method.getGenericParameterTypes())
                    .map(type -> GenericTypeResolver.resolveType(type, targetClass))
                    .toList();
        }

        private List<String> namesOf(Method method) {
            String @Nullable [] discovered = parameterNames.getParameterNames(method);
            return IntStream.range(0, method.getParameterCount())
                    .mapToObj(i -> discovered == null ? "argument" + (i + 1) : discovered[i])
                    .toList();
        }

        private InvalidSetupException invalid(String problem, String action) {
            return new InvalidSetupException(where + " " + problem, action);
        }
    }

    private static String signature(String name, List<Type> types, List<String> names) {
        return IntStream.range(0, types.size())
                .mapToObj(i -> simple(types.get(i)) + " " + names.get(i))
                .collect(Collectors.joining(", ", name + "(", ")"));
    }

    private static String simple(Type type) {
        return type instanceof Class<?> plain
                ? plain.getSimpleName()
                : type.getTypeName().replaceAll("[\\w$]+\\.", "").replaceAll("\\w+\\$", "");
    }
}
