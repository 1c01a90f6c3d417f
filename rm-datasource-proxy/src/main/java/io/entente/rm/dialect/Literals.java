package io.entente.rm.dialect;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/** Values as literals of MySQL and MariaDB that mean the same in every SQL mode. */
final class Literals {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS");
    private static final HexFormat HEX = HexFormat.of();

    private Literals() {}

    static void append(Object value, StringBuilder to) {
        if (value instanceof byte[] bytes) {
            to.append("X'");
            HEX.formatHex(to, bytes).append('\'');
        } else if (value instanceof String text) {
            to.append("_utf8mb4 X'");
            HEX.formatHex(to, text.getBytes(StandardCharsets.UTF_8)).append('\'');
        } else if (value instanceof LocalDateTime time) {
            to.append('\'').append(TIME.format(time)).append('\'');
        } else if (value instanceof Long || value instanceof Integer) {
            to.append(value);
        } else {
            throw new IllegalArgumentException(
                    "No literal for a " + value.getClass().getName());
        }
    }
}
