package io.entente.rm.dialect;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** How a session of PostgreSQL prints values as texts, and reads them again. */
final class PostgreSqlPrinting {

    /** The types whose text no setting of a session changes; the driver insists on dates as ISO has them. */
    static final Set<String> ALIKE = Set.of(
            "numeric",
            "date",
            "time",
            "timetz",
            "timestamp",
            "uuid",
            "json",
            "jsonb",
            "xml",
            "inet",
            "cidr",
            "macaddr",
            "macaddr8",
            "bit",
            "varbit",
            "citext",
            "oid",
            "name",
            "_int2",
            "_int4",
            "_int8",
            "_text",
            "_varchar",
            "_numeric",
            "_uuid",
            "_bool");

    /** What decides how the others are printed. */
    private static final List<String> SETTINGS = List.of("IntervalStyle", "TimeZone", "bytea_output");

    private PostgreSqlPrinting() {}

    /**
     * SQL of a text with the settings of the session. It fails where floats are printed with fewer digits than they have:
     * they could not be given back.
     */
    static String settings(int majorVersion) {
        String settings = SETTINGS.stream()
                .map(name -> "current_setting('" + name + "')")
                .collect(Collectors.joining(" || '|' || "));
        // The setting is part of the text that is no number, so that the failure does not come when it is planned.
        return "CASE WHEN current_setting('extra_float_digits')::int < " + (majorVersion < 12 ? 3 : 1)
                + " THEN ('a rollback could not give back the digits that the session cuts off floats; set"
                + " extra_float_digits to 1 or more (3 before PostgreSQL 12), not to ' ||"
                + " current_setting('extra_float_digits'))::int::text ELSE " + settings + " END";
    }

    /** Gives the session these settings, until its transaction ends. */
    static void printAgain(Connection connection, String settings) throws SQLException {
        if (settings.isEmpty()) {
            return;
        }
        String[] values = settings.split("\\|", -1);
        if (values.length != SETTINGS.size()) {
            throw new SQLException("the undo row says \"" + settings + "\" of its session, where " + SETTINGS
                    + " are expected; a later release must have written it");
        }
        String list = SETTINGS.stream()
                .map(name -> "set_config('" + name + "', ?, true)")
                .collect(Collectors.joining(", "));
        try (PreparedStatement set = connection.prepareStatement("SELECT " + list)) {
            for (int i = 0; i < values.length; i++) {
                set.setString(i + 1, values[i]);
            }
            set.execute();
        }
    }
}
