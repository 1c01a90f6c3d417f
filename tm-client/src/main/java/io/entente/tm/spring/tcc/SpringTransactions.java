package io.entente.tm.spring.tcc;

import io.entente.tm.fence.FencedWork;
import io.entente.tm.fence.LocalTransactions;
import java.sql.Connection;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** The same local transactions as {@code @Transactional}: joined where there is one, begun where there is none. */
final class SpringTransactions implements LocalTransactions {

    private final PlatformTransactionManager transactions;
    private final DataSource dataSource;

    SpringTransactions(PlatformTransactionManager transactions, DataSource dataSource) {
        this.transactions = transactions;
        this.dataSource = dataSource;
    }

    @Override
    public <T extends @Nullable Object> T inTransaction(FencedWork<T> work) throws Exception {
        TransactionStatus status = transactions.getTransaction(new DefaultTransactionDefinition());
        T result;
        try {
            result = run(work);
        } catch (Exception | Error e) {
            try {
                transactions.rollback(status);
            } catch (RuntimeException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
        transactions.commit(status);
        return result;
    }

    private <T extends @Nullable Object> T run(FencedWork<T> work) throws Exception {
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            if (!DataSourceUtils.isConnectionTransactional(connection, dataSource)) {
                throw new IllegalStateException("The local transaction of " + transactions + " does not include "
                        + dataSource + ", so that the fence and the business statements would not commit together.");
            }
            return work.run(connection);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }

    /** Whether a transaction of {@code transactions} is one of the data source's. Begins one and rolls it back. */
    static boolean covers(PlatformTransactionManager transactions, DataSource dataSource) {
        TransactionStatus status = transactions.getTransaction(new DefaultTransactionDefinition());
        try {
            return TransactionSynchronizationManager.hasResource(dataSource);
        } finally {
            transactions.rollback(status);
        }
    }
}
