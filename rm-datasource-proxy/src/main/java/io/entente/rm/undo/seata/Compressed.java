package io.entente.rm.undo.seata;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipInputStream;

/** The compressions of Seata's that the JDK knows. The others would need libraries that nobody else here needs. */
final class Compressed {

    /** More is no undo row but an attack on the heap: a client held it in memory once, beside the transaction. */
    private static final int MOST_BYTES = 512 * 1024 * 1024;

    private Compressed() {}

    static byte[] open(String compressor, byte[] content) throws SeataRowException {
        return open(compressor, content, MOST_BYTES);
    }

    static byte[] open(String compressor, byte[] content, int most) throws SeataRowException {
        if (compressor.equals("NONE")) {
            return content;
        }
        try (InputStream in = stream(compressor, content)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream(content.length * 4);
            byte[] buffer = new byte[8 * 1024];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
                if (out.size() > most) {
                    throw new SeataRowException(
                            "its " + content.length + " bytes take more than " + most + " when they are decompressed");
                }
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw new SeataRowException("its content is damaged: " + compressor + " says " + e.getMessage(), e);
        }
    }

    private static InputStream stream(String compressor, byte[] content) throws IOException, SeataRowException {
        InputStream bytes = new ByteArrayInputStream(content);
        return switch (compressor) {
            case "GZIP" -> new GZIPInputStream(bytes);
            case "DEFLATER" -> new InflaterInputStream(bytes);
            case "ZIP" -> {
                ZipInputStream zip = new ZipInputStream(bytes);
                if (zip.getNextEntry() == null) {
                    throw new IOException("no entry");
                }
                yield zip;
            }
            default ->
                throw new SeataRowException(
                        "it is compressed with " + compressor + "; this release reads NONE, GZIP, ZIP and DEFLATER");
        };
    }
}
