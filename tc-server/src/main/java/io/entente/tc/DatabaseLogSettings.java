package io.entente.tc;

import java.time.Duration;

/**
 * A log in a database that several coordinators share, of which one leads.
 *
 * @param url JDBC URL of PostgreSQL, MySQL or MariaDB, whose driver is on the class path; the server brings those of
 *     PostgreSQL and MariaDB
 * @param group coordinators of the same name stand in for each other; others may use the same tables
 * @param lease how long a leader that is not heard of keeps the lead, 300 ms to 5 min
 */
public record DatabaseLogSettings(String url, String username, String password, String group, Duration lease)
        implements SharedLog {

    /** @throws IllegalArgumentException naming the key, its value and what is expected */
    public DatabaseLogSettings {
        if (!url.startsWith("jdbc:")) {
            throw new IllegalArgumentException("entente.tc.database.url is '" + url
                    + "'; expected a JDBC URL, for example jdbc:postgresql://db.example.org/entente");
        }
        if (!group.matches("[A-Za-z0-9_.-]{1,128}")) {
            throw new IllegalArgumentException("entente.tc.database.group is '" + group
                    + "'; expected 1 to 128 letters, digits, '_', '.' and '-', for example orders");
        }
        if (lease.compareTo(Duration.ofMillis(300)) < 0 || lease.compareTo(Duration.ofMinutes(5)) > 0) {
            throw new IllegalArgumentException("entente.tc.database.lease is '" + lease.toMillis()
                    + " ms'; expected 300 ms to 5 min, for example 3s");
        }
    }

    /** The URL without what stands behind its question mark, which may hold a password. */
    String location() {
        return url.replaceAll("[?;].*", "");
    }

    /** The password is nobody's business. */
    @Override
    public String toString() {
        return "DatabaseLogSettings[url=" + location() + ", username=" + username + ", group=" + group + ", lease="
                + lease + "]";
    }
}
