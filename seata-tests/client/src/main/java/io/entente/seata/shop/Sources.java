package io.entente.seata.shop;

import java.sql.Driver;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.apache.seata.rm.datasource.DataSourceProxy;
import org.apache.seata.rm.datasource.xa.DataSourceProxyXA;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

/** The databases of the application, by name, behind Seata's proxies. */
class Sources {
    private final Map<String, DataSource> sources = new ConcurrentHashMap<>();

    void add(String name, String mode, String url, String user, String password) throws SQLException {
        DataSource plain = new SimpleDriverDataSource(driver(url), url, user, password);
        sources.put(
                name,
                switch (mode) {
                    case "AT" -> new DataSourceProxy(plain);
                    case "XA" -> new DataSourceProxyXA(plain);
                    default -> throw new IllegalArgumentException("no mode: " + mode);
                });
    }

    /** Of those that would take such a URL, the one that it is for. */
    private static Driver driver(String url) throws SQLException {
        return url.startsWith("jdbc:mysql:")
                ? new com.mysql.cj.jdbc.Driver()
                : url.startsWith("jdbc:mariadb:") ? new org.mariadb.jdbc.Driver() : new org.postgresql.Driver();
    }

    DataSource get(String name) {
        DataSource source = sources.get(name);
        if (source == null) {
            throw new IllegalArgumentException("no data source: " + name);
        }
        return source;
    }
}
