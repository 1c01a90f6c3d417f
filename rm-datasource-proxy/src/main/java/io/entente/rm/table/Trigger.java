package io.entente.rm.table;

/**
 * Something that runs when rows of a table change, and of which nobody can see from outside what it writes.
 *
 * @param name for messages, with what it is if not a trigger
 */
public record Trigger(String name, boolean onInsert, boolean onUpdate, boolean onDelete) {}
