package io.entente.rm.spring;

import io.entente.rm.branch.BranchCoordinator;
import io.entente.rm.jdbc.EntenteDataSource;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/**
 * Makes every DataSource bean an Entente data source, once: a bean that passes calls on to another one is left alone,
 * as that other one is wrapped already.
 */
final class DataSourceWrapper implements BeanPostProcessor {

    private static final Logger log = LoggerFactory.getLogger(DataSourceWrapper.class);

    private final Supplier<? extends BranchCoordinator> coordinator;
    private final Supplier<AtProperties> properties;
    private final Map<String, EntenteDataSource> waiting = new LinkedHashMap<>();
    private boolean started;

    DataSourceWrapper(Supplier<? extends BranchCoordinator> coordinator, Supplier<AtProperties> properties) {
        this.coordinator = coordinator;
        this.properties = properties;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (!(bean instanceof DataSource dataSource)
                || properties.get().exclude().contains(beanName)) {
            return bean;
        }
        if (dataSource instanceof AbstractRoutingDataSource routing) {
            requireTargetsWrapped(beanName, routing);
            return bean;
        }
        try {
            DataSource wrapped = EntenteDataSource.wrap(
                    dataSource, coordinator.get(), properties.get().settings());
            if (wrapped instanceof EntenteDataSource entente && !bean.equals(wrapped)) {
                begin(beanName, entente);
            }
            return wrapped;
        } catch (SQLException e) {
            throw AtStartupException.of(beanName, e);
        }
    }

    private void begin(String beanName, EntenteDataSource dataSource) throws SQLException {
        synchronized (waiting) {
            if (!started) {
                // Its tables, the undo_log among them, may yet be made by the application's own initialisation.
                waiting.put(beanName, dataSource);
                return;
            }
        }
        start(beanName, dataSource);
    }

    /**
     * Checks all data sources so far, and from now on each one when it is made.
     *
     * @throws AtStartupException one of them cannot take part
     */
    void start() {
        Map<String, EntenteDataSource> ready;
        synchronized (waiting) {
            started = true;
            ready = new LinkedHashMap<>(waiting);
            waiting.clear();
        }
        ready.forEach((beanName, dataSource) -> {
            try {
                start(beanName, dataSource);
            } catch (SQLException e) {
                throw AtStartupException.of(beanName, e);
            }
        });
    }

    private void start(String beanName, EntenteDataSource dataSource) throws SQLException {
        dataSource.start(properties.get().createUndoLogTable());
        log.info("DataSource {} takes part in global transactions", beanName);
    }

    private static void requireTargetsWrapped(String beanName, AbstractRoutingDataSource routing) {
        List<DataSource> targets = new ArrayList<>();
        Collection<DataSource> resolved = routing.getResolvedDataSources().values();
        targets.addAll(resolved);
        @Nullable DataSource fallback = routing.getResolvedDefaultDataSource();
        if (fallback != null) {
            targets.add(fallback);
        }
        for (DataSource target : targets) {
            try {
                if (!target.isWrapperFor(EntenteDataSource.class)) {
                    throw AtStartupException.routing(beanName, target);
                }
            } catch (SQLException e) {
                throw AtStartupException.of(beanName, e);
            }
        }
    }
}
