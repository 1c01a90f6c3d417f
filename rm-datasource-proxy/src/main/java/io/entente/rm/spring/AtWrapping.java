package io.entente.rm.spring;

import io.entente.rm.branch.BranchCoordinator;
import io.entente.rm.jdbc.EntenteDataSource;
import java.sql.SQLException;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** Makes DataSource beans take part by AT. */
final class AtWrapping {

    private final Supplier<? extends BranchCoordinator> coordinator;
    private final Supplier<AtProperties> properties;

    AtWrapping(Supplier<? extends BranchCoordinator> coordinator, Supplier<AtProperties> properties) {
        this.coordinator = coordinator;
        this.properties = properties;
    }

    DataSource wrap(String beanName, DataSource dataSource) {
        try {
            return EntenteDataSource.wrap(
                    dataSource, coordinator.get(), properties.get().settings());
        } catch (SQLException e) {
            throw AtStartupException.of(beanName, e);
        }
    }

    /** @throws AtStartupException it cannot take part */
    void start(String beanName, EntenteDataSource dataSource) {
        try {
            dataSource.start(properties.get().createUndoLogTable());
        } catch (SQLException e) {
            throw AtStartupException.of(beanName, e);
        }
    }
}
