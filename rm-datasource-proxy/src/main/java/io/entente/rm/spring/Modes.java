package io.entente.rm.spring;

import io.entente.configuration.InvalidSetupException;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** By which mode each DataSource bean takes part in global transactions, as configured. */
final class Modes {

    private final ConfigurableListableBeanFactory beans;
    private final Supplier<AtProperties> at;
    private final Supplier<XaProperties> xa;

    enum Mode {
        AT,
        XA,
        NONE
    }

    Modes(ConfigurableListableBeanFactory beans, Supplier<AtProperties> at, Supplier<XaProperties> xa) {
        this.beans = beans;
        this.at = at;
        this.xa = xa;
    }

    Mode of(String beanName) {
        Set<String> named = xa.get().dataSources();
        if (at.get().exclude().contains(beanName)) {
            return Mode.NONE;
        }
        if (named.contains(beanName) || named.contains(XaProperties.ALL)) {
            return Mode.XA;
        }
        return at.get().enabled() ? Mode.AT : Mode.NONE;
    }

    /** Whether XA was asked for by this name, and not for all that can. */
    boolean namesForXa(String beanName) {
        return xa.get().dataSources().contains(beanName);
    }

    /** @throws InvalidSetupException a name is of no DataSource bean, or two keys contradict each other */
    void check() {
        Set<String> dataSources = Set.of(beans.getBeanNamesForType(DataSource.class, true, false));
        for (String name : at.get().exclude()) {
            requireDataSource("entente.at.exclude", name, dataSources, "Correct the name, or remove it.");
        }
        for (String name : xa.get().dataSources()) {
            if (!name.equals(XaProperties.ALL)) {
                requireDataSource(
                        "entente.xa.data-sources",
                        name,
                        dataSources,
                        "Correct the name, or remove it. * stands for all.");
            }
            if (at.get().exclude().contains(name)) {
                throw new InvalidSetupException(
                        "DataSource " + name + " is named by entente.xa.data-sources and by entente.at.exclude. The"
                                + " second keeps it out of global transactions.",
                        "Remove it from one of them.");
            }
        }
    }

    private static void requireDataSource(String property, String name, Set<String> dataSources, String remedy) {
        if (!dataSources.contains(name)) {
            throw new InvalidSetupException(
                    property + " names '" + name + "', but there is no such DataSource bean; there are "
                            + new TreeSet<>(dataSources) + ".",
                    remedy);
        }
    }
}
