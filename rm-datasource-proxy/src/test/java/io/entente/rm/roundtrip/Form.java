package io.entente.rm.roundtrip;

import java.util.function.Function;

/**
 * A kind of statement.
 *
 * @param name for counting
 * @param weight how often it is drawn, beside others
 * @param write null when the tables do not fit
 */
record Form(String name, int weight, Function<Words, @org.jspecify.annotations.Nullable Step> write) {}
