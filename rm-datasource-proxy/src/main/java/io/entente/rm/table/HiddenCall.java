package io.entente.rm.table;

/**
 * A call that stands in a table's own definition, and of which no statement shows anything.
 *
 * @param where for messages: which default or check it is
 * @param function what is called, one of {@link TableReader#writers}, in lower case and without schema
 * @param onUpdate whether an UPDATE executes it too, and not only an INSERT
 */
public record HiddenCall(String where, String function, boolean onUpdate) {}
