package io.entente.tm.spring.saga;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an annotation on a bean says, found to be right.
 *
 * @param where for messages, as {@code @Compensable on Cars.reserve}
 * @param resultType of the step, when the compensation takes it; else null
 */
record CompensableMethod(
        String name,
        String where,
        Class<?> targetClass,
        Method step,
        Method compensation,
        List<Type> parameterTypes,
        @Nullable Type resultType,
        boolean fenced,
        String dataSource) {}
