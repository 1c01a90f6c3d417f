package io.entente.rm.sql;

import java.util.Set;

/**
 * What a text was recognised as.
 *
 * @param statement what it does
 * @param called names that may be those of functions it calls, in lower case, without schema and quotes
 * @param named all names in it, and words that could be some, in lower case, without quotes
 * @param quotesAfterBackslashes whether a quote follows a back-slash where settings of the session decide what that means
 * @param unseenEffectsAllowed whether it says itself that what triggers and foreign keys write besides is the
 *     application's affair, see {@link Directive#UNSEEN_EFFECTS}
 * @param session what it may do to the session
 */
public record Recognition(
        RecognizedSql statement,
        Set<String> called,
        Set<String> named,
        boolean quotesAfterBackslashes,
        boolean unseenEffectsAllowed,
        Set<SessionEffect> session) {

    /** Of a text that is refused nothing else counts. */
    static Recognition of(RecognizedSql.Refused refused, boolean quotesAfterBackslashes) {
        return new Recognition(refused, Set.of(), Set.of(), quotesAfterBackslashes, false, Set.of());
    }
}
