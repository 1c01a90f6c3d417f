package io.entente.tm.tcc;

import java.lang.reflect.Type;

/**
 * A parameter that try, confirm and cancel share.
 *
 * @param name for messages
 * @param type what it is written to JSON and read again as
 */
public record TccParameter(String name, Type type) {}
