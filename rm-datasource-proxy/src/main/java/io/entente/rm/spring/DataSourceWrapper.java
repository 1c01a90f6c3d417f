package io.entente.rm.spring;

import io.entente.rm.jdbc.EntenteDataSource;
import io.entente.rm.xa.EntenteXaDataSource;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/**
 * Makes every DataSource bean take part in global transactions, once: a bean that passes calls on to another one is left
 * alone, as that other one takes part already.
 */
final class DataSourceWrapper implements BeanPostProcessor {

    private static final Logger log = LoggerFactory.getLogger(DataSourceWrapper.class);

    private final Modes modes;
    private final AtWrapping at;
    private final XaWrapping xa;
    private final Map<String, DataSource> waiting = new LinkedHashMap<>();
    private boolean started;

    DataSourceWrapper(Modes modes, AtWrapping at, XaWrapping xa) {
        this.modes = modes;
        this.at = at;
        this.xa = xa;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (!(bean instanceof DataSource dataSource)) {
            return bean;
        }
        if (dataSource instanceof EntenteXaDataSource declared) {
            begin(beanName, declared);
            return declared;
        }
        Modes.Mode mode = modes.of(beanName);
        if (mode == Modes.Mode.NONE) {
            return bean;
        }
        if (dataSource instanceof AbstractRoutingDataSource routing) {
            requireNotNamed(beanName, "routes to others");
            requireTargetsWrapped(beanName, routing);
            return bean;
        }
        if (leadsTo(EntenteXaDataSource.class, beanName, dataSource)) {
            return bean;
        }
        if (leadsTo(EntenteDataSource.class, beanName, dataSource)) {
            requireNotNamed(beanName, "passes calls on to one that takes part by AT");
            return bean;
        }
        DataSource wrapped = mode == Modes.Mode.XA ? xa.wrap(beanName, dataSource) : at.wrap(beanName, dataSource);
        begin(beanName, wrapped);
        return wrapped;
    }

    private void requireNotNamed(String beanName, String what) {
        if (modes.namesForXa(beanName)) {
            throw XaWrapping.passesOn(beanName, what);
        }
    }

    private static boolean leadsTo(Class<? extends DataSource> type, String beanName, DataSource dataSource) {
        try {
            return dataSource.isWrapperFor(type);
        } catch (SQLException e) {
            throw AtStartupException.of(beanName, e);
        }
    }

    private void begin(String beanName, DataSource dataSource) {
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
     * @throws AtStartupException one of them cannot take part by AT
     * @throws io.entente.configuration.InvalidSetupException one of them cannot take part by XA, or there is none of
     *     that name
     */
    void start() {
        modes.check();
        Map<String, DataSource> ready;
        synchronized (waiting) {
            started = true;
            ready = new LinkedHashMap<>(waiting);
            waiting.clear();
        }
        ready.forEach(this::start);
    }

    private void start(String beanName, DataSource dataSource) {
        if (dataSource instanceof EntenteXaDataSource entente) {
            xa.start(beanName, entente);
            log.info("DataSource {} takes part in global transactions by XA", beanName);
        } else if (dataSource instanceof EntenteDataSource entente) {
            at.start(beanName, entente);
            log.info("DataSource {} takes part in global transactions", beanName);
        }
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
            if (!leadsTo(EntenteDataSource.class, beanName, target)
                    && !leadsTo(EntenteXaDataSource.class, beanName, target)) {
                throw AtStartupException.routing(beanName, target);
            }
        }
    }
}
