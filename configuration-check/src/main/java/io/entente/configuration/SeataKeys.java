package io.entente.configuration;

import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/** Seata's keys: which of Entente's means the same, and what to do about those that none does. */
final class SeataKeys {

    static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("seata");

    static final String GROUP = "seata.tx-service-group";
    static final String ENABLED = "seata.enabled";
    static final String DISABLED = "seata.service.disable-global-transaction";
    static final String AUTO_PROXY = "seata.enable-auto-data-source-proxy";
    static final String PROXY_MODE = "seata.data-source-proxy-mode";
    static final String UNDO_TABLE = "seata.client.undo.log-table";
    static final String LOCK_INTERVAL = "seata.client.rm.lock.retry-interval";
    static final String LOCK_TIMES = "seata.client.rm.lock.retry-times";
    static final String REGISTRY_TYPE = "seata.registry.type";
    static final ConfigurationPropertyName CLUSTERS = ConfigurationPropertyName.of("seata.service.vgroup-mapping");
    static final ConfigurationPropertyName SERVERS = ConfigurationPropertyName.of("seata.service.grouplist");

    /** Keys whose values only have to be written otherwise, if at all. */
    static final List<Alias> ALIASES = List.of(
            same("seata.application-id", "entente.application-id"),
            same(GROUP, "entente.transaction-group"),
            millis("seata.client.tm.default-global-transaction-timeout", "entente.default-timeout"),
            same("seata.client.tm.interceptor-order", "entente.advisor-order"),
            millis("seata.transport.rpc-rm-request-timeout", "entente.request-timeout"),
            millis("seata.transport.rpc-tm-request-timeout", "entente.request-timeout"),
            same(AUTO_PROXY, "entente.at.enabled"),
            millis("seata.client.rm.table-meta-checker-interval", "entente.at.metadata-lifetime"),
            new Alias(
                    "seata.client.undo.compress.threshold",
                    "entente.at.undo-log.compress-from",
                    SeataKeys::sizeOfSpring),
            same("seata.tcc.fence.log-table-name", "entente.tcc.fence.table"),
            same("seata.tcc.fence.clean-period", "entente.tcc.fence.retention"));

    /** Read together with others, or only looked at. */
    static final List<String> COMPOSED =
            List.of(ENABLED, DISABLED, PROXY_MODE, UNDO_TABLE, LOCK_INTERVAL, LOCK_TIMES, REGISTRY_TYPE);

    /** What to do instead, by the beginning of the key; more special ones first. */
    private static final List<Remedy> REMEDIES = List.of(
            remedy(
                    "seata.registry",
                    "list the coordinators in entente.server, or set it to discovery:<service id> for the registry that"
                            + " Spring Cloud uses"),
            remedy(
                    "seata.config",
                    "put what is in Seata's configuration centre into Spring's configuration, which Spring Cloud can read"
                            + " from there"),
            remedy("seata.access-key", "entente.token is what this application shows to the coordinator"),
            remedy("seata.secret-key", "entente.token is what this application shows to the coordinator"),
            remedy("seata.excludes-for-auto-proxying", "name the DataSource beans in entente.at.exclude"),
            remedy("seata.scan-packages", "remove it: nothing has to be scanned"),
            remedy("seata.excludes-for-scanning", "remove it: nothing has to be scanned"),
            remedy("seata.use-jdk-proxy", "remove it: a DataSource is wrapped as DataSource"),
            remedy(
                    "seata.client.undo.log-serialization",
                    "remove it: there is one format. Rows of Seata's are read when they were written by jackson"),
            remedy(
                    "seata.client.undo.data-validation",
                    "remove it: rows are always compared before they are put back. An operator can force them"),
            remedy("seata.client.undo.only-care-update-columns", "remove it: that is always so"),
            remedy("seata.client.undo.compress", "remove it: what is large is compressed"),
            remedy(
                    "seata.client.rm.lock.retry-policy-branch-rollback-on-conflict",
                    "remove it: a statement with auto-commit lets its rows go and is executed again, a local transaction of"
                            + " the application waits with what it has"),
            remedy("seata.client.rm.sql-parser-type", "remove it: there is one"),
            remedy("seata.client.rm.saga", "sagas are written in Java, see docs/saga.md"),
            remedy("seata.saga", "sagas are written in Java, see docs/saga.md"),
            remedy("seata.client.rm", "remove it: there is nothing to set"),
            remedy(
                    "seata.client.tm.degrade-check",
                    "remove it: what is annotated never runs outside of a global transaction because none can be begun"),
            remedy(
                    "seata.client.tm",
                    "entente.completion-patience says how long a commit or a rollback is asked for again"),
            remedy("seata.client.load-balance", "remove it: of a cluster, the coordinator that leads is used"),
            remedy("seata.service", "entente.server says where coordinators are"),
            remedy("seata.transport", "remove it; entente.tls.bundle and entente.token are there for security"),
            remedy("seata.tcc", "remove it: the fence is always on unless an action says otherwise, see docs/tcc.md"),
            remedy("seata.server", "it is for Seata's server; the coordinator has entente.tc.*"),
            remedy("seata.store", "it is for Seata's server; the coordinator has entente.tc.*"),
            remedy("seata.metrics", "it is for Seata's server; the coordinator has entente.tc.*"));

    private SeataKeys() {}

    /**
     * A key of Seata's and the one that means the same.
     *
     * @param form how the value is written there
     */
    record Alias(String seata, String entente, UnaryOperator<String> form) {}

    private record Remedy(ConfigurationPropertyName prefix, String text) {}

    private static Alias same(String seata, String entente) {
        return new Alias(seata, entente, UnaryOperator.identity());
    }

    private static Alias millis(String seata, String entente) {
        return new Alias(seata, entente, number -> number.trim() + "ms");
    }

    private static Remedy remedy(String prefix, String text) {
        return new Remedy(ConfigurationPropertyName.of(prefix), text);
    }

    /** {@code 64k} as {@code 64KB}. */
    private static String sizeOfSpring(String size) {
        String upper = size.trim().toUpperCase(Locale.ROOT);
        return upper.endsWith("K") || upper.endsWith("M") || upper.endsWith("G") ? upper + "B" : upper;
    }

    /** What to do instead of setting a key that has no counterpart; null when Seata's releases are not known to have it. */
    static @Nullable String remedyFor(ConfigurationPropertyName key) {
        for (Remedy remedy : REMEDIES) {
            if (remedy.prefix.equals(key) || startsWith(key, remedy.prefix)) {
                return remedy.text;
            }
        }
        return null;
    }

    /** Also where the last part of the prefix is only the beginning of that of the key. */
    private static boolean startsWith(ConfigurationPropertyName key, ConfigurationPropertyName prefix) {
        int last = prefix.getNumberOfElements() - 1;
        return key.getNumberOfElements() > last
                && (last == 0 || prefix.getParent().isAncestorOf(key))
                && uniform(key, last).startsWith(uniform(prefix, last));
    }

    private static String uniform(ConfigurationPropertyName name, int element) {
        return name.getElement(element, ConfigurationPropertyName.Form.UNIFORM);
    }
}
