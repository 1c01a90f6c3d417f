package io.entente.rm.sql;

import org.jspecify.annotations.Nullable;

/**
 * One token of a statement, comments and white space left out.
 *
 * @param kind what it is
 * @param start offset of its first character in the statement
 * @param end offset after its last character
 * @param depth how many parentheses and brackets are open around it; an opening one counts as outside of itself, a closing one too
 * @param upper the text of a word in upper case, of a symbol as is; empty for the other kinds
 * @param forParser what the parser gets in its place; null when it gets the token itself
 */
record Token(
        Kind kind,
        int start,
        int end,
        int depth,
        String upper,
        @Nullable String forParser) {

    enum Kind {
        WORD,
        QUOTED_NAME,
        STRING,
        NUMBER,
        PARAMETER,
        SYMBOL
    }

    boolean is(String text) {
        return upper.equals(text);
    }

    boolean isWord() {
        return kind == Kind.WORD;
    }

    boolean isName() {
        return kind == Kind.WORD || kind == Kind.QUOTED_NAME;
    }

    Token higherBy(int levels) {
        return levels == 0 ? this : new Token(kind, start, end, depth - levels, upper, forParser);
    }
}
