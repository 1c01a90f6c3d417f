package io.entente.configuration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * What is set by Seata's keys, in Entente's.
 *
 * @param properties Entente's keys and their values, as far as Seata's say something about them
 * @param used lines for the log: what each of Seata's keys has become
 * @param unused lines for the log: keys that have no effect, and what to do about each
 * @param refused what must not be left without effect; the start ends with it
 */
record SeataSettings(Map<String, Object> properties, List<String> used, List<String> unused, List<String> refused) {

    static SeataSettings none() {
        return new SeataSettings(Map.of(), List.of(), List.of(), List.of());
    }

    /** Reads them, by whatever spelling that Spring allows for a key. */
    static SeataSettings of(Environment environment, KnownProperties known) {
        return new Reading(environment, known).read();
    }

    private static final class Reading {

        private static final String DEFAULT_GROUP = "default_tx_group";
        private static final String DEFAULT_CLUSTER = "default";
        /** As Seata has it when only the other of the two is set. */
        private static final long LOCK_INTERVAL_MILLIS = 10;

        private static final long LOCK_TIMES = 30;

        private final Environment environment;
        private final Binder binder;
        private final KnownProperties known;
        private final TreeSet<ConfigurationPropertyName> open = new TreeSet<>();
        private final Map<String, Object> properties = new LinkedHashMap<>();
        private final Map<String, String> origins = new LinkedHashMap<>();
        private final List<String> used = new ArrayList<>();
        private final List<String> unused = new ArrayList<>();
        private final List<String> refused = new ArrayList<>();

        Reading(Environment environment, KnownProperties known) {
            this.environment = environment;
            this.binder = Binder.get(environment);
            this.known = known;
        }

        SeataSettings read() {
            for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
                // Kubernetes makes variables for each service, also for one that is named seata.
                if (source instanceof IterableConfigurationPropertySource iterable
                        && !(source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource)) {
                    iterable.stream().filter(SeataKeys.PREFIX::isAncestorOf).forEach(open::add);
                }
            }
            for (SeataKeys.Alias alias : SeataKeys.ALIASES) {
                String value = value(alias.seata());
                if (value != null) {
                    use(alias.seata(), value, alias.entente(), alias.form().apply(value));
                }
            }
            readServers();
            readLockWait();
            readProxyMode();
            readWhatCannotBe();
            for (ConfigurationPropertyName key : open) {
                String remedy = SeataKeys.remedyFor(key);
                unused.add(key + ": " + (remedy == null ? "it is not known; remove it" : remedy));
            }
            return new SeataSettings(
                    Map.copyOf(properties), List.copyOf(used), List.copyOf(unused), List.copyOf(refused));
        }

        private @Nullable String value(String key) {
            ConfigurationPropertyName name = ConfigurationPropertyName.of(key);
            open.remove(name);
            return binder.bind(name, Bindable.of(String.class)).orElse(null);
        }

        private void use(String seata, String value, String key, String meant) {
            String said = seata + "=" + value;
            String ours = environment.getProperty(key);
            Object other = properties.get(key);
            if (!known.isEmpty() && !known.contains(ConfigurationPropertyName.of(key))) {
                unused.add(said + ": it means " + key + ", of which no module on the class path knows");
            } else if (ours != null) {
                if (ours.equals(meant)) {
                    used.add(said + " is " + key + ", which is set to the same");
                } else {
                    unused.add(said + ": " + key + "=" + ours + " wins over it; remove one of them");
                }
            } else if (other != null && !other.equals(meant)) {
                unused.add(said + ": " + key + " is " + other + " already, by " + origins.get(key) + "; set " + key
                        + " to what you want");
            } else {
                properties.put(key, meant);
                origins.put(key, said);
                used.add(said + " is " + key + "=" + meant);
            }
        }

        // -------------------------------------------------------- those that are read together

        private void readServers() {
            Map<String, String> clusters = entries(SeataKeys.CLUSTERS);
            Map<String, String> servers = entries(SeataKeys.SERVERS);
            String registry = value(SeataKeys.REGISTRY_TYPE);
            if (registry != null && !registry.equals("file")) {
                unused.add(SeataKeys.REGISTRY_TYPE + "=" + registry + ": "
                        + SeataKeys.remedyFor(ConfigurationPropertyName.of(SeataKeys.REGISTRY_TYPE))
                        + ". Without it the clusters and lists under seata.service are not used");
                return;
            }
            if (clusters.isEmpty() && servers.isEmpty()) {
                return;
            }
            String group = environment.getProperty("entente.transaction-group");
            group = group != null
                    ? group
                    : properties
                            .getOrDefault("entente.transaction-group", DEFAULT_GROUP)
                            .toString();
            String cluster = clusters.getOrDefault(uniform(group), DEFAULT_CLUSTER);
            String list = servers.get(uniform(cluster));
            String where = SeataKeys.SERVERS + "." + cluster;
            if (list == null) {
                unused.add(SeataKeys.CLUSTERS + " leads the group " + group + " to " + where
                        + ", which is not set: set entente.server");
                return;
            }
            use(where, list, "entente.server", list.trim().replace(';', ','));
            if (clusters.size() > 1 || servers.size() > 1) {
                used.add("other groups and clusters under seata.service are not those of " + group);
            }
        }

        /** What is below a key, by the rest of the name without dashes and the like. */
        private Map<String, String> entries(ConfigurationPropertyName parent) {
            Map<String, String> entries = new TreeMap<>();
            for (ConfigurationPropertyName key : List.copyOf(open)) {
                if (parent.isAncestorOf(key)) {
                    open.remove(key);
                    String rest = key.subName(parent.getNumberOfElements()).toString();
                    String value = binder.bind(key, Bindable.of(String.class)).orElse(null);
                    if (value != null) {
                        entries.put(uniform(rest), value);
                    }
                }
            }
            return entries;
        }

        private static String uniform(String name) {
            return ConfigurationPropertyName.adapt(name, '.')
                    .getLastElement(Form.UNIFORM)
                    .toLowerCase(Locale.ROOT);
        }

        private void readLockWait() {
            String interval = value(SeataKeys.LOCK_INTERVAL);
            String times = value(SeataKeys.LOCK_TIMES);
            if (interval == null && times == null) {
                return;
            }
            String said = (interval == null ? "" : SeataKeys.LOCK_INTERVAL + "=" + interval)
                    + (interval == null || times == null ? "" : " and ")
                    + (times == null ? "" : SeataKeys.LOCK_TIMES + "=" + times);
            try {
                long millis = Math.multiplyExact(
                        interval == null ? LOCK_INTERVAL_MILLIS : Long.parseLong(interval.trim()),
                        times == null ? LOCK_TIMES : Long.parseLong(times.trim()));
                String key = said.substring(0, said.lastIndexOf('='));
                use(key, said.substring(key.length() + 1), "entente.at.lock-wait", Math.max(0, millis) + "ms");
            } catch (NumberFormatException | ArithmeticException e) {
                refused.add(said + " is no time: both are whole numbers, the first of them milliseconds. Set"
                        + " entente.at.lock-wait instead");
            }
        }

        private void readProxyMode() {
            String mode = value(SeataKeys.PROXY_MODE);
            if (mode == null) {
                return;
            }
            if (mode.equalsIgnoreCase("XA") && !"false".equals(value(SeataKeys.AUTO_PROXY))) {
                use(SeataKeys.PROXY_MODE, mode, "entente.xa.data-sources", "*");
            } else if (mode.equalsIgnoreCase("AT")) {
                used.add(SeataKeys.PROXY_MODE + "=" + mode + " is so without a setting");
            } else {
                unused.add(
                        SeataKeys.PROXY_MODE + "=" + mode + ": name the DataSource beans in entente.xa.data-sources");
            }
        }

        /** What would be wrong without a word when it had no effect. */
        private void readWhatCannotBe() {
            String enabled = value(SeataKeys.ENABLED);
            String disabled = value(SeataKeys.DISABLED);
            String off = " has no counterpart: what is annotated with @GlobalTransactional needs its coordinator. Leave"
                    + " Entente's modules out of this application, or in a test use @WithCoordinator of the testkit; and"
                    + " remove this key";
            if ("false".equalsIgnoreCase(enabled)) {
                refused.add(SeataKeys.ENABLED + "=" + enabled + off);
            } else if (enabled != null) {
                used.add(SeataKeys.ENABLED + "=" + enabled + " is so without a setting");
            }
            if ("true".equalsIgnoreCase(disabled)) {
                refused.add(SeataKeys.DISABLED + "=" + disabled + off);
            } else if (disabled != null) {
                used.add(SeataKeys.DISABLED + "=" + disabled + " is so without a setting");
            }
            String table = value(SeataKeys.UNDO_TABLE);
            if (table != null && !table.equalsIgnoreCase("undo_log")) {
                refused.add(SeataKeys.UNDO_TABLE + "=" + table
                        + " cannot be: the table is undo_log, and what is open in another one would not be undone. When"
                        + " no branch is open, rename it to undo_log, and remove this key");
            } else if (table != null) {
                used.add(SeataKeys.UNDO_TABLE + "=" + table + " is so without a setting");
            }
        }
    }
}
