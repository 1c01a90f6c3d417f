package io.entente.rm.branch;

import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a database is named towards the coordinator: as Seata's clients name it, so that both exclude each other. */
public final class ResourceId {

    private static final String CURRENT_SCHEMA = "currentSchema";

    private static final Pattern ORACLE_CREDENTIALS = Pattern.compile("^(jdbc:oracle:\\w+:)[^@(]*@");

    private static final Set<String> NAMES_SQL_SERVER = Set.of("instancename", "databasename", "database");

    private ResourceId() {}

    /**
     * The database behind a connection. On Oracle the user is part of it: each has tables of his own under the same URL.
     *
     * @see #of(String)
     */
    public static String of(DatabaseMetaData metaData) throws SQLException {
        String id = of(metaData.getURL());
        return isOfUrlAlone(id) ? id : id + "/" + metaData.getUserName();
    }

    /** Whether it cannot become another one while a session lasts: on Oracle a pool may change the user. */
    public static boolean isOfUrlAlone(String id) {
        return !id.startsWith("jdbc:oracle:");
    }

    /**
     * The JDBC URL without parameters and credentials; PostgreSQL keeps {@code currentSchema}, because tables of the
     * same name in two schemas are different tables, and SQL Server its instance and database. Commas, which separate ids on the wire, become {@code |} in the
     * address and {@code !} in the schema list.
     *
     * @param url as {@link java.sql.DatabaseMetaData#getURL} tells it
     */
    public static String of(String url) {
        if (url.startsWith("jdbc:sqlserver:")) {
            return ofSqlServer(url);
        }
        int end = parametersStart(url);
        String address = withoutCredentials(url.substring(0, end)).replace(',', '|');
        String schema = url.startsWith("jdbc:postgresql:") ? parameter(url.substring(end), CURRENT_SCHEMA) : null;
        return schema == null ? address : address + "?" + CURRENT_SCHEMA + "=" + schema.replace(',', '!');
    }

    private static String ofSqlServer(String url) {
        StringBuilder kept = new StringBuilder();
        for (String property : Pattern.compile(";").split(url, -1)) {
            String name =
                    property.substring(0, Math.max(0, property.indexOf('='))).toLowerCase(Locale.ROOT);
            if (NAMES_SQL_SERVER.contains(name)) {
                kept.append(property);
            }
        }
        int end = url.indexOf(';');
        String address = (end < 0 ? url : url.substring(0, end)).replace(',', '|');
        return kept.isEmpty() ? address : address + ";" + kept.toString().replace(',', '!');
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
        if (address.startsWith("jdbc:oracle:")) {
            return ORACLE_CREDENTIALS.matcher(address).replaceFirst("$1@");
        }
        int slashes = address.indexOf("//");
        int at = address.indexOf('@');
        return slashes >= 0 && at > slashes ? address.substring(0, slashes + 2) + address.substring(at + 1) : address;
    }

    private static @Nullable String parameter(String parameters, String name) {
        Matcher matcher = Pattern.compile("[?&]" + name + "=([^&]*)").matcher(parameters);
        return matcher.find() ? matcher.group(1) : null;
    }
}
