package io.entente.rm.sql;

import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a text may do to its session beside what it does to rows. Told from its words alone, rather too often than too
 * rarely, so that it holds for texts too that nobody parses.
 */
public enum SessionEffect {
    /** Names may mean other tables. */
    NAMES("^(\\s|/\\*.*?\\*/|--[^\\n\\r]*[\\n\\r])*(set|reset|use|discard)\\b|\\bset_config\\b|\\bsearch_path\\b"),
    /** A temporary table may hide one of the same name. */
    TEMPORARY_TABLE("\\btemporary\\b"),
    /** PostgreSQL may print values in another way. */
    PRINTING(
            "^\\s*((re)?set\\b.*(intervalstyle|datestyle|time\\s*zone|bytea_output|extra_float_digits|xmloption|\\ball\\b)"
                    + "|.*\\bset_config\\s*\\(.*(intervalstyle|datestyle|timezone|bytea_output|extra_float_digits))");

    private final Pattern words;

    SessionEffect(String words) {
        this.words = Pattern.compile(words, Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    }

    /** Whether the text may have this effect. */
    public boolean isIn(String sql) {
        return words.matcher(sql).find();
    }

    static Set<SessionEffect> all(String sql) {
        return Arrays.stream(values()).filter(effect -> effect.isIn(sql)).collect(Collectors.toUnmodifiableSet());
    }
}
