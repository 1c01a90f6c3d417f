package io.entente.tm.spring.tcc;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Methods as they would be written, for messages. */
final class JavaSource {

    private JavaSource() {}

    /** {@code public void settle(String account, BigDecimal amount)}. */
    static String signature(String name, List<Type> types, List<String> names) {
        return "public void " + name + parameters(types, names);
    }

    static String of(Method method, List<String> names) {
        String modifiers = Modifier.toString(method.getModifiers() & Modifier.methodModifiers() & ~Modifier.ABSTRACT);
        return (modifiers.isEmpty() ? "" : modifiers + " ") + type(method.getGenericReturnType()) + " "
                + method.getName() + parameters(List.of(method.getGenericParameterTypes()), names);
    }

    private static String parameters(List<Type> types, List<String> names) {
        return IntStream.range(0, types.size())
                .mapToObj(i -> type(types.get(i)) + " " + names.get(i))
                .collect(Collectors.joining(", ", "(", ")"));
    }

    static String type(Type type) {
        if (type instanceof Class<?> plain) {
            return plain.getSimpleName();
        }
        if (type instanceof ParameterizedType generic) {
            return type(generic.getRawType())
                    + Arrays.stream(generic.getActualTypeArguments())
                            .map(JavaSource::type)
                            .collect(Collectors.joining(", ", "<", ">"));
        }
        if (type instanceof GenericArrayType array) {
            return type(array.getGenericComponentType()) + "[]";
        }
        return type.getTypeName();
    }
}
