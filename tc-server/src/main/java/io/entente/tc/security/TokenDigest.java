package io.entente.tc.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/** What is kept of a token: enough to recognise it, too little to use it. */
public final class TokenDigest {
    private final byte[] sha256;

    private TokenDigest(byte[] sha256) {
        this.sha256 = sha256;
    }

    static TokenDigest of(String token) {
        try {
            return new TokenDigest(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** In a time that does not tell how much is the same, nor with which. */
    boolean isAmong(List<TokenDigest> others) {
        boolean found = false;
        for (TokenDigest other : others) {
            found |= MessageDigest.isEqual(sha256, other.sha256);
        }
        return found;
    }
}
