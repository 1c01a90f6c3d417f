package io.entente.protocol.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where tokens come from: the text itself, or a file that is read each time, so that tokens can be exchanged without a
 * restart. Nothing here shows a token in its messages or its {@code toString}.
 */
public final class TokenSource {

    /** Before the path of a file that holds tokens. */
    public static final String FILE_PREFIX = "file:";

    /** Fewer characters could be tried one after the other. */
    private static final int FEWEST_CHARACTERS = 16;

    private static final int MOST_CHARACTERS = 1_024;
    private static final long LARGEST_FILE = 1024 * 1024;
    /** Those that HTTP allows behind {@code Bearer}. */
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    private final String key;
    private final @Nullable Path file;
    private final List<String> given;

    private TokenSource(String key, @Nullable Path file, List<String> given) {
        this.key = key;
        this.file = file;
        this.given = given;
    }

    /**
     * Tokens as they are configured.
     *
     * @param key the name of the setting, for messages
     * @param configured a token; or {@code file:} and the path of a file with one token in each line, in which empty lines
     *     and those that begin with # do not count
     * @throws IllegalArgumentException when it is no token, or the file cannot be read or holds none; the message names the
     *     key and the rule
     */
    public static TokenSource of(String key, String configured) {
        TokenSource source;
        if (configured.startsWith(FILE_PREFIX)) {
            source = new TokenSource(key, Path.of(configured.substring(FILE_PREFIX.length())), List.of());
        } else {
            requireUsable(configured, key);
            source = new TokenSource(key, null, List.of(configured));
        }
        source.read();
        return source;
    }

    /** The name of the setting. */
    public String key() {
        return key;
    }

    /** Whether {@link #read} may return something else the next time. */
    public boolean isFile() {
        return file != null;
    }

    /**
     * The tokens as they are now; at least one.
     *
     * @throws IllegalArgumentException when the file cannot be used
     */
    public List<String> read() {
        if (file == null) {
            return given;
        }
        List<String> tokens;
        try {
            long size = Files.size(file);
            if (size > LARGEST_FILE) {
                throw new IllegalArgumentException(place() + " has " + size + " bytes; allowed are " + LARGEST_FILE);
            }
            tokens = Files.readAllLines(file, StandardCharsets.UTF_8).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new IllegalArgumentException(place() + " cannot be read: " + e, e);
        }
        if (tokens.isEmpty()) {
            throw new IllegalArgumentException(place() + " holds no token; expected is one in each line");
        }
        for (int i = 0; i < tokens.size(); i++) {
            requireUsable(tokens.get(i), place() + ", token " + (i + 1));
        }
        return tokens;
    }

    /** The token that a client sends: the first. */
    public String first() {
        return read().get(0);
    }

    private String place() {
        return key + ": the file "
                + Objects.requireNonNull(file).toAbsolutePath().normalize();
    }

    private static void requireUsable(String token, String where) {
        if (token.length() < FEWEST_CHARACTERS || token.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException(where + " has " + token.length() + " characters; a token has "
                    + FEWEST_CHARACTERS + " to " + MOST_CHARACTERS + ". Make one with: openssl rand -hex 32");
        }
        if (!ALLOWED.matcher(token).matches()) {
            throw new IllegalArgumentException(
                    where + " has a character that cannot stand in a token; allowed are letters,"
                            + " digits and . _ ~ + / - and = at the end. Make one with: openssl rand -hex 32");
        }
    }

    @Override
    public String toString() {
        return file == null ? key + " (not shown)" : place();
    }
}
