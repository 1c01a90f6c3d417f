package io.entente.tm.spring.tcc;

import io.entente.tm.tcc.TccParameter;
import java.lang.reflect.Method;
import java.util.List;

/**
 * What an annotation on a bean says, found to be right.
 *
 * @param where for messages, as {@code @TwoPhaseBusinessAction on Accounts.freeze}
 */
record TccDeclaration(
        String name,
        String where,
        Class<?> targetClass,
        Method trial,
        Method commit,
        Method rollback,
        List<TccParameter> parameters,
        boolean fenced,
        String dataSource) {}
