package io.entente.rm.xa;

import io.entente.rm.forwarding.ForwardingConnection;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** A connection that looks at the situation before it makes a statement. */
abstract class GuardedConnection extends ForwardingConnection {

    private final OpenStatements statements = new OpenStatements();

    GuardedConnection(Connection real) {
        super(real);
    }

    private <S extends Statement> S made(S statement) {
        statements.add(statement);
        return statement;
    }

    /** Those that were made here and are not closed. */
    OpenStatements statements() {
        return statements;
    }

    /** @throws SQLException no statement may be made now */
    abstract void beforeStatement() throws SQLException;

    @Override
    public Statement createStatement() throws SQLException {
        beforeStatement();
        return made(real.createStatement());
    }

    @Override
    public Statement createStatement(int type, int concurrency) throws SQLException {
        beforeStatement();
        return made(real.createStatement(type, concurrency));
    }

    @Override
    public Statement createStatement(int type, int concurrency, int holdability) throws SQLException {
        beforeStatement();
        return made(real.createStatement(type, concurrency, holdability));
    }

    @Override
    public PreparedStatement prepareStatement(String sql) throws SQLException {
        beforeStatement();
        return made(real.prepareStatement(sql));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int generatedKeys) throws SQLException {
        beforeStatement();
        return made(real.prepareStatement(sql, generatedKeys));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int[] columns) throws SQLException {
        beforeStatement();
        return made(real.prepareStatement(sql, columns));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, String[] columns) throws SQLException {
        beforeStatement();
        return made(real.prepareStatement(sql, columns));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int type, int concurrency) throws SQLException {
        beforeStatement();
        return made(real.prepareStatement(sql, type, concurrency));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
            throws SQLException {
        beforeStatement();
        return made(real.prepareStatement(sql, type, concurrency, holdability));
    }

    @Override
    public CallableStatement prepareCall(String sql) throws SQLException {
        beforeStatement();
        return made(real.prepareCall(sql));
    }

    @Override
    public CallableStatement prepareCall(String sql, int type, int concurrency) throws SQLException {
        beforeStatement();
        return made(real.prepareCall(sql, type, concurrency));
    }

    @Override
    public CallableStatement prepareCall(String sql, int type, int concurrency, int holdability) throws SQLException {
        beforeStatement();
        return made(real.prepareCall(sql, type, concurrency, holdability));
    }
}
