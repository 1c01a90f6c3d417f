package io.entente.rm.sql;

/**
 * What a text was recognised as.
 *
 * @param statement what it does
 * @param unseenEffectsAllowed whether it says itself that what triggers and foreign keys write besides is the
 *     application's affair, see {@link Directive#UNSEEN_EFFECTS}
 */
public record Recognition(RecognizedSql statement, boolean unseenEffectsAllowed) {}
