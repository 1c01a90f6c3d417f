package io.entente.rm.table;

/**
 * An identifier as a statement wrote it.
 *
 * @param text without its quotes, doubled quotes made single
 * @param quoted whether it was quoted, with double quotes, back-ticks or square brackets
 */
public record Identifier(String text, boolean quoted) {

    /** Reads one identifier, not a dotted name. */
    public static Identifier parse(String written) {
        if (written.length() < 2) {
            return new Identifier(written, false);
        }
        char first = written.charAt(0);
        char last = written.charAt(written.length() - 1);
        String inner = written.substring(1, written.length() - 1);
        if (first == last && (first == '"' || first == '`')) {
            String quote = String.valueOf(first);
            return new Identifier(inner.replace(quote + quote, quote), true);
        }
        if (first == '[' && last == ']') {
            return new Identifier(inner.replace("]]", "]"), true);
        }
        return new Identifier(written, false);
    }
}
