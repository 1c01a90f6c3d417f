package io.entente.tc.lock;

import java.util.HashMap;
import java.util.Map;

/**
 * One instance for texts that come again and again: names of resources, tables, applications. Forgets all when it has
 * collected too many, because some caller may put a number into a name.
 */
public final class SharedTexts {
    private static final int MOST = 1 << 14;
    /** Longer texts are data, not names. */
    private static final int LONGEST = 256;

    private final Map<String, String> texts = new HashMap<>();

    /** An instance equal to {@code text}, most likely one that is in memory already. */
    public String share(String text) {
        if (text.length() > LONGEST) {
            return text;
        }
        if (texts.size() > MOST) {
            texts.clear();
        }
        String known = texts.putIfAbsent(text, text);
        return known == null ? text : known;
    }
}
