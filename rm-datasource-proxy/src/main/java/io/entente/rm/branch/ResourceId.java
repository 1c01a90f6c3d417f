package io.entente.rm.branch;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a database is named towards the coordinator: as Seata's clients name it, so that both exclude each other. */
public final class ResourceId {

    private static final String CURRENT_SCHEMA = "currentSchema";

    private ResourceId() {}

    /**
     * The JDBC URL without parameters and credentials; PostgreSQL keeps {@code currentSchema}, because tables of the
     * same name in two schemas are different tables. Commas, which separate ids on the wire, become {@code |} in the
     * address and {@code !} in the schema list.
     *
     * @param url as {@link java.sql.DatabaseMetaData#getURL} tells it
     */
    public static String of(String url) {
        int end = parametersStart(url);
        String address = withoutCredentials(url.substring(0, end)).replace(',', '|');
        String schema = url.startsWith("jdbc:postgresql:") ? parameter(url.substring(end), CURRENT_SCHEMA) : null;
        return schema == null ? address : address + "?" + CURRENT_SCHEMA + "=" + schema.replace(',', '!');
    }

    private static int parametersStart(String url) {
        // H2 separates its settings with semicolons.
        int semicolon = url.startsWith("jdbc:h2:") ? url.indexOf(';') : -1;
        int question = url.indexOf('?');
        if (semicolon >= 0 && (question < 0 || semicolon < question)) {
            return semicolon;
        }
        return question < 0 ? url.length() : question;
    }

    private static String withoutCredentials(String address) {
        int slashes = address.indexOf("//");
        int at = address.indexOf('@');
        return slashes >= 0 && at > slashes ? address.substring(0, slashes + 2) + address.substring(at + 1) : address;
    }

    private static @Nullable String parameter(String parameters, String name) {
        Matcher matcher = Pattern.compile("[?&]" + name + "=([^&]*)").matcher(parameters);
        return matcher.find() ? matcher.group(1) : null;
    }
}
