package io.entente.rm.sql;

/**
 * A piece of a statement as the application wrote it. Comments between its tokens are part of it.
 *
 * @param sql the text, empty when the statement has no such piece
 * @param firstParameter JDBC number (from 1) of the first parameter in it; meaningless when there is none
 * @param parameters how many parameters it has; their numbers are consecutive
 */
public record Fragment(String sql, int firstParameter, int parameters) {}
