package io.entente.rm.call;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One execution of a statement that the application asked for, or a batch of executions of it.
 *
 * @param sql the statement
 * @param parameters of each execution, one for an execution that is no batch; each null when the statement is not
 *     prepared, all of them are or none
 * @param keys the generated keys the application wants
 * @param statement the driver's statement
 * @param kept statements of ours that may be executed for it; null when it lives for one execution only
 * @param outcome where results go that the driver's statement will not hold
 * @param plain executes the driver's statement as the application asked
 * @param answer what that returns
 */
public record Call<T>(
        String sql,
        List<@Nullable Bindings> parameters,
        KeyRequest keys,
        Statement statement,
        @Nullable KeptStatements kept,
        Outcome outcome,
        SqlAction<T> plain,
        Answer<T> answer) {

    /** Turns a result into what the application's execute method returns. */
    public sealed interface Answer<T> {

        /** How the driver's own answer tells an update count; {@code statement} is the driver's. */
        long[] counts(T answer, Statement statement) throws SQLException;

        /** The answer for update counts, one for each execution. */
        T ofCounts(long[] counts) throws SQLException;

        /** The answer for a query. */
        T ofRows(ResultSet rows) throws SQLException;

        /** Whether it may be asked of a statement that returns rows, or of one that does not. */
        boolean fits(boolean returnsRows);
    }

    /** {@code execute}: whether there is a result set. */
    public record Any() implements Answer<Boolean> {
        @Override
        public long[] counts(Boolean answer, Statement statement) throws SQLException {
            return new long[] {statement.getUpdateCount()};
        }

        @Override
        public Boolean ofCounts(long[] counts) {
            return false;
        }

        @Override
        public Boolean ofRows(ResultSet rows) {
            return true;
        }

        @Override
        public boolean fits(boolean returnsRows) {
            return true;
        }
    }

    /** {@code executeQuery}. */
    public record Query() implements Answer<ResultSet> {
        @Override
        public long[] counts(ResultSet answer, Statement statement) {
            throw new IllegalStateException("A query has no update count");
        }

        @Override
        public ResultSet ofCounts(long[] counts) throws SQLException {
            throw new SQLException("The statement returned no result set.", "02000");
        }

        @Override
        public ResultSet ofRows(ResultSet rows) {
            return rows;
        }

        @Override
        public boolean fits(boolean returnsRows) {
            return returnsRows;
        }
    }

    /** {@code executeUpdate} and {@code executeLargeUpdate}. */
    public record Update() implements Answer<Long> {
        @Override
        public long[] counts(Long answer, Statement statement) {
            return new long[] {answer};
        }

        @Override
        public Long ofCounts(long[] counts) {
            return counts[0];
        }

        @Override
        public Long ofRows(ResultSet rows) throws SQLException {
            throw new SQLException("A result set was returned where an update count was expected.", "0100E");
        }

        @Override
        public boolean fits(boolean returnsRows) {
            return !returnsRows;
        }
    }

    /** {@code executeBatch} and {@code executeLargeBatch}. */
    public record Batch() implements Answer<long[]> {
        @Override
        public long[] counts(long[] answer, Statement statement) {
            return answer;
        }

        @Override
        public long[] ofCounts(long[] counts) {
            return counts;
        }

        @Override
        public long[] ofRows(ResultSet rows) throws SQLException {
            throw new SQLException("A result set was returned where an update count was expected.", "0100E");
        }

        @Override
        public boolean fits(boolean returnsRows) {
            return !returnsRows;
        }
    }

    /** Whether it can be executed again after a rollback. */
    public boolean repeatable() {
        for (Bindings bindings : parameters) {
            if (bindings != null && !bindings.repeatable()) {
                return false;
            }
        }
        return true;
    }

    /** The parameters of an execution that is no batch; null when the statement is not prepared. */
    public @Nullable Bindings bindings() {
        return parameters.get(0);
    }

    /** The same, with statements of ours that live for one execution. */
    public Call<T> withoutKept() {
        return new Call<>(sql, parameters, keys, statement, null, outcome, plain, answer);
    }

    public boolean isBatch() {
        return answer instanceof Batch;
    }

    /** Executes as the application asked, on the driver's statement, and tells the update counts too. */
    public Ran<T> runPlain() throws SQLException {
        T result = plain.run();
        return new Ran<>(result, answer.counts(result, statement));
    }

    /** @param counts one for each execution; −2 where the driver does not know */
    public record Ran<T>(T answer, long[] counts) {

        /** The sum; −2 where the driver does not know one. */
        public long total() {
            long total = 0;
            for (long count : counts) {
                if (count < 0) {
                    return Statement.SUCCESS_NO_INFO;
                }
                total += count;
            }
            return total;
        }
    }

    /** The answer for update counts of an execution elsewhere than on the driver's statement. */
    public T elsewhere(long... counts) throws SQLException {
        outcome.addCount(counts[0]);
        return answer.ofCounts(counts);
    }

    /** @throws StatementRefusedException this execute method is not for a statement that does so */
    public void requireForm(boolean returnsRows) throws StatementRefusedException {
        // Some drivers execute the statement before they complain.
        if (!answer.fits(returnsRows)) {
            throw returnsRows
                    ? new StatementRefusedException(
                            sql, "executeUpdate with a statement that returns rows", "use execute or executeQuery")
                    : new StatementRefusedException(
                            sql, "executeQuery with a statement that returns no rows", "use executeUpdate");
        }
    }
}
