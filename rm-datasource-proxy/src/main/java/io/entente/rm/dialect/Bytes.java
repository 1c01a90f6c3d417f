package io.entente.rm.dialect;

import java.util.Arrays;
import java.util.HexFormat;

/** An immutable byte string with value equality; prints as hexadecimal. */
public final class Bytes {

    private final byte[] content;

    /** Copies the bytes. */
    public Bytes(byte[] content) {
        this.content = content.clone();
    }

    /** A copy of the bytes. */
    public byte[] toArray() {
        return content.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(content);
    }
}
