package io.entente.tm.spring.tcc;

import io.entente.configuration.InvalidSetupException;
import io.entente.tm.fence.Fence;
import io.entente.tm.fence.FenceSweep;
import io.entente.tm.fence.FenceTableException;
import io.entente.tm.fence.TransactionJudge;
import java.lang.reflect.Method;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Fences in DataSource beans. */
final class DataSourceFences implements FenceSource {

    private static final String WITHOUT = "useTCCFence = false";

    private final ConfigurableListableBeanFactory beans;
    private final TccProperties.FenceProperties properties;
    private final InstantSource clock;
    private final TransactionJudge judge;
    private final Map<DataSource, Fence> fences = new IdentityHashMap<>();
    private final List<FenceSweep> sweeps = new ArrayList<>();

    DataSourceFences(
            ConfigurableListableBeanFactory beans,
            TccProperties.FenceProperties properties,
            InstantSource clock,
            TransactionJudge judge) {
        this.beans = beans;
        this.properties = properties;
        this.clock = clock;
        this.judge = judge;
    }

    @Override
    public synchronized Fence fence(String dataSource, String user) {
        DataSource chosen = chooseReal(dataSource, user);
        Fence known = fences.get(chosen);
        if (known == null) {
            known = create(chosen, user);
            fences.put(chosen, known);
            sweeps.add(new FenceSweep(List.of(known), properties.retention(), judge));
        }
        return known;
    }

    private DataSource chooseReal(String dataSource, String user) {
        DataSource chosen = choose(dataSource.isEmpty() ? properties.dataSource() : dataSource, user);
        return chosen instanceof TransactionAwareDataSourceProxy proxy && proxy.getTargetDataSource() != null
                ? proxy.getTargetDataSource()
                : chosen;
    }

    private DataSource choose(String name, String user) {
        List<String> present = List.of(beans.getBeanNamesForType(DataSource.class));
        if (!name.isEmpty()) {
            if (!present.contains(name)) {
                throw new InvalidSetupException(
                        user + " is fenced in DataSource '" + name + "', but there is no such bean; there are "
                                + present + ".",
                        "Correct the attribute dataSource of the annotation, or entente.tcc.fence.data-source.");
            }
            return beans.getBean(name, DataSource.class);
        }
        if (present.isEmpty()) {
            throw new InvalidSetupException(
                    user + " is fenced, but there is no DataSource bean that could hold the fence table.",
                    withoutFence("Declare the DataSource that the action uses. If it uses no database"));
        }
        @Nullable DataSource only = beans.getBeanProvider(DataSource.class).getIfUnique();
        if (only == null) {
            throw new InvalidSetupException(
                    user + " is fenced, but it is not said in which of the DataSource beans " + present + ".",
                    "Name the one that the action uses, for all actions or in the annotation:\n\n    entente.tcc.fence.data-source="
                            + present.get(0) + "\n    @TwoPhaseBusinessAction(…, dataSource = \"" + present.get(0)
                            + "\")");
        }
        return only;
    }

    private static String withoutFence(String begin) {
        return begin + ", see to idempotence yourself:\n\n    @TwoPhaseBusinessAction(…, " + WITHOUT + ")";
    }

    private Fence create(DataSource dataSource, String user) {
        Fence fence;
        try {
            fence = new Fence(
                    new SpringTransactions(transactionsOf(dataSource, user), dataSource), properties.table(), clock);
        } catch (IllegalArgumentException e) {
            throw new InvalidSetupException(
                    "entente.tcc.fence.table=" + properties.table() + " cannot be used: " + e.getMessage(),
                    "Remove it to use tcc_fence_log.");
        }
        try {
            if (properties.createTable()) {
                fence.createTable();
            }
            fence.verifyTable(false);
        } catch (FenceTableException e) {
            throw new InvalidSetupException(
                    user + " is fenced. " + e.getMessage(),
                    withoutFence("Run that script, or let Entente do it at start-up:\n\n"
                            + "    entente.tcc.fence.create-table=true\n\nIf the action uses no database"));
        } catch (SQLException e) {
            throw new IllegalStateException(user + " is fenced, but its table cannot be checked: " + e.getMessage(), e);
        }
        return fence;
    }

    private PlatformTransactionManager transactionsOf(DataSource dataSource, String user) {
        var provider = beans.getBeanProvider(PlatformTransactionManager.class);
        @Nullable PlatformTransactionManager first = provider.getIfUnique();
        if (first != null && SpringTransactions.covers(first, dataSource)) {
            return first;
        }
        List<PlatformTransactionManager> all = provider.stream().toList();
        if (all.isEmpty()) {
            return new DataSourceTransactionManager(dataSource);
        }
        return all.stream()
                .filter(candidate -> SpringTransactions.covers(candidate, dataSource))
                .findFirst()
                .orElseThrow(() -> new InvalidSetupException(
                        user + " is fenced in " + dataSource + ", but none of the transaction manager beans "
                                + List.of(beans.getBeanNamesForType(PlatformTransactionManager.class))
                                + " begins local transactions in it, so that the fence and the business statements would not"
                                + " commit together.",
                        "Declare a JdbcTransactionManager for that DataSource, or name the DataSource that the action uses"
                                + " with entente.tcc.fence.data-source."));
    }

    @Override
    public void requireJoining(Method method, Class<?> targetClass, String dataSource, String user) {
        Transactional transactional = AnnotatedElementUtils.findMergedAnnotation(method, Transactional.class);
        if (transactional == null) {
            transactional = AnnotatedElementUtils.findMergedAnnotation(targetClass, Transactional.class);
        }
        if (transactional == null) {
            return;
        }
        String where = targetClass.getSimpleName() + "." + method.getName();
        Propagation propagation = transactional.propagation();
        if (propagation == Propagation.REQUIRES_NEW
                || propagation == Propagation.NOT_SUPPORTED
                || propagation == Propagation.NEVER) {
            throw apart(
                    user, where + " has @Transactional(propagation = " + propagation + ")", "Remove the propagation");
        }
        String qualifier = transactional.transactionManager();
        if (!qualifier.isEmpty()
                && beans.containsBean(qualifier)
                && beans.getBean(qualifier) instanceof PlatformTransactionManager other
                && !SpringTransactions.covers(other, chooseReal(dataSource, user))) {
            throw apart(
                    user,
                    where + " has @Transactional(transactionManager = \"" + qualifier
                            + "\"), which is for another data source",
                    "Name the right data source with the attribute dataSource of @TwoPhaseBusinessAction");
        }
        @Nullable
        PlatformTransactionManager primary =
                beans.getBeanProvider(PlatformTransactionManager.class).getIfUnique();
        if (qualifier.isEmpty()
                && primary != null
                && !SpringTransactions.covers(primary, chooseReal(dataSource, user))) {
            throw apart(
                    user,
                    where + " has @Transactional without a transactionManager, which is for another data source",
                    "Name the transaction manager of the fence's data source in @Transactional, or the data source of"
                            + " @Transactional in the attribute dataSource of the annotation");
        }
        if (transactional.isolation() != Isolation.DEFAULT
                || transactional.timeout() != TransactionDefinition.TIMEOUT_DEFAULT
                || !transactional.timeoutString().isEmpty()) {
            throw new InvalidSetupException(
                    user + " is fenced, but " + where
                            + " has @Transactional with an isolation or a timeout, which would be"
                            + " ignored: it joins the local transaction that the fence has begun.",
                    withoutFence(
                            "Remove them, or set them for the whole DataSource or transaction manager. If the method"
                                    + " needs them"));
        }
    }

    private static InvalidSetupException apart(String user, String what, String remedy) {
        return new InvalidSetupException(
                user + " is fenced, but " + what
                        + ", so that the fence and the business statements would not commit together.",
                withoutFence(remedy + ". If the method needs it"));
    }

    @Override
    public synchronized void close() {
        sweeps.forEach(FenceSweep::close);
        sweeps.clear();
    }
}
