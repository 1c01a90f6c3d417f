package io.entente.rm.spring;

import com.zaxxer.hikari.HikariDataSource;
import io.entente.configuration.InvalidSetupException;
import io.entente.rm.xa.EntenteXaDataSource;
import io.entente.rm.xa.XaConnectionSource;
import io.entente.rm.xa.XaNotPossibleException;
import io.entente.rm.xa.XaResources;
import java.sql.SQLException;
import java.util.function.Supplier;
import javax.sql.DataSource;
import javax.sql.XADataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.ClassUtils;

/** Makes DataSource beans take part by XA: puts XA connections under their pools. */
final class XaWrapping {

    private static final Logger log = LoggerFactory.getLogger(XaWrapping.class);
    private static final boolean HIKARI =
            ClassUtils.isPresent("com.zaxxer.hikari.HikariDataSource", XaWrapping.class.getClassLoader());

    private final Supplier<XaResources> resources;

    XaWrapping(Supplier<XaResources> resources) {
        this.resources = resources;
    }

    /** @throws InvalidSetupException it cannot give XA connections */
    EntenteXaDataSource wrap(String beanName, DataSource dataSource) {
        try {
            if (HIKARI && dataSource.isWrapperFor(HikariDataSource.class)) {
                XaConnectionSource source = HikariXa.under(beanName, dataSource.unwrap(HikariDataSource.class));
                return EntenteXaDataSource.wrap(dataSource, source, resources.get());
            }
            if (dataSource instanceof XADataSource unpooled) {
                XaConnectionSource source = new XaConnectionSource(unpooled);
                log.warn("DataSource {} has no pool: each use opens a connection", beanName);
                return EntenteXaDataSource.wrap(source, source, resources.get());
            }
        } catch (SQLException e) {
            throw notPossible(beanName, e);
        }
        throw impossible(
                beanName, "is a " + dataSource.getClass().getName() + ", which cannot be given XA connections");
    }

    /** @throws InvalidSetupException the database is not set up for XA, or cannot be reached */
    void start(String beanName, EntenteXaDataSource dataSource) {
        try {
            dataSource.start();
        } catch (SQLException e) {
            throw notPossible(beanName, e);
        }
    }

    private static InvalidSetupException notPossible(String beanName, SQLException e) {
        return new InvalidSetupException(
                "DataSource " + beanName + " cannot take part by XA: " + e.getMessage(),
                (e instanceof XaNotPossibleException
                                ? "Change that at the database"
                                : "Correct its connection settings, or start the database")
                        + ". For AT instead, remove " + beanName + " from entente.xa.data-sources.");
    }

    static InvalidSetupException passesOn(String beanName, String what) {
        return new InvalidSetupException(
                "entente.xa.data-sources names " + beanName + ", but that " + what + ".",
                "Name the DataSource beans behind it.");
    }

    static InvalidSetupException impossible(String beanName, String found) {
        return new InvalidSetupException(
                "DataSource " + beanName + " shall take part by XA (entente.xa.data-sources), but it " + found + ".",
                """
                Let Spring Boot make it from spring.datasource.*, or make it with DataSourceBuilder: a HikariDataSource \
                whose pool is not open yet. Or declare it yourself:

                    @Bean
                    EntenteXaDataSource %s(XaResources resources) {
                        XaConnectionSource source = new XaConnectionSource(/* the driver's XADataSource */);
                        /* a pool over source */
                        return EntenteXaDataSource.wrap(pool, source, resources);
                    }

                For AT instead, remove it from entente.xa.data-sources.\
                """.formatted(beanName));
    }
}
