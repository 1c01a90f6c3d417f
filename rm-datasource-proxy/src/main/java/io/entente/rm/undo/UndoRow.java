package io.entente.rm.undo;

import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * What the columns {@code context} and {@code rollback_info} hold: the encoded changes, compressed or not, and the text
 * that says so.
 */
final class UndoRow {

    private static final String FORMAT = "entente-1";
    private static final int BUFFER = 8 * 1024;

    /** The property that holds {@link #printedUnder}. */
    static final String PRINTED_UNDER = "printed";

    private final String context;
    private final byte[] content;

    /** As read from the table. */
    UndoRow(String context, byte[] content) {
        this.context = context;
        this.content = content;
    }

    /** The row of a branch that has nothing to undo. */
    static UndoRow empty() {
        return of(new byte[0], Integer.MAX_VALUE);
    }

    /** Compresses from the given size on. */
    static UndoRow of(byte[] encoded, int compressFrom) {
        if (encoded.length < compressFrom) {
            return new UndoRow("format=" + FORMAT + "&compression=none", encoded);
        }
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try {
            deflater.setInput(encoded);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream(encoded.length / 4);
            byte[] buffer = new byte[BUFFER];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return new UndoRow("format=" + FORMAT + "&compression=deflate", out.toByteArray());
        } finally {
            deflater.end();
        }
    }

    String context() {
        return context;
    }

    /** The column's own array, not a copy: images may be large. */
    byte[] content() {
        return content;
    }

    /**
     * The encoded changes, uncompressed.
     *
     * @throws UndoNotReadableException another program wrote the row, or it is damaged
     */
    byte[] encoded() throws UndoNotReadableException {
        Map<String, String> properties = properties();
        if (!FORMAT.equals(properties.get("format"))) {
            throw new UndoNotReadableException(
                    "The undo row's context is \"" + context + "\"; this release reads format=" + FORMAT
                            + " only. Remedy: let the kind of client that wrote the row roll it back.");
        }
        String compression = properties.getOrDefault("compression", "none");
        return switch (compression) {
            case "none" -> content;
            case "deflate" -> inflate();
            default ->
                throw new UndoNotReadableException(
                        "The undo row's compression is " + compression + "; this release reads none and deflate.");
        };
    }

    private Map<String, String> properties() {
        return Stream.of(context.split("&"))
                .map(property -> property.split("=", 2))
                .filter(property -> property.length == 2)
                .collect(Collectors.toMap(property -> property[0], property -> property[1], (one, other) -> one));
    }

    /** Under which settings of the session the values were printed, in the dialect's words; empty when that is the same in all. */
    String printedUnder() {
        return properties().getOrDefault(PRINTED_UNDER, "");
    }

    private byte[] inflate() throws UndoNotReadableException {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(content);
            ByteArrayOutputStream out = new ByteArrayOutputStream(content.length * 4);
            byte[] buffer = new byte[BUFFER];
            while (!inflater.finished()) {
                int count = inflater.inflate(buffer);
                if (count == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
                    throw new UndoNotReadableException("The undo row ends early after " + content.length + " bytes");
                }
                out.write(buffer, 0, count);
            }
            return out.toByteArray();
        } catch (DataFormatException e) {
            throw new UndoNotReadableException("The undo row is damaged: " + e.getMessage(), e);
        } finally {
            inflater.end();
        }
    }
}
