package io.entente.rm.forwarding;

import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.NClob;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.SQLXML;
import java.sql.Savepoint;
import java.sql.ShardingKey;
import java.sql.Struct;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Executor;

/** Hands every call to the real connection, for subclasses that change some. */
public abstract class ForwardingConnection implements Connection {

    /** Where the calls go. */
    protected final Connection real;

    protected ForwardingConnection(Connection real) {
        this.real = real;
    }

    @Override
    public void abort(Executor executor) throws SQLException {
        real.abort(executor);
    }

    @Override
    public void beginRequest() throws SQLException {
        real.beginRequest();
    }

    @Override
    public void clearWarnings() throws SQLException {
        real.clearWarnings();
    }

    @Override
    public void close() throws SQLException {
        real.close();
    }

    @Override
    public void commit() throws SQLException {
        real.commit();
    }

    @Override
    public Array createArrayOf(String value, Object[] value2) throws SQLException {
        return real.createArrayOf(value, value2);
    }

    @Override
    public Blob createBlob() throws SQLException {
        return real.createBlob();
    }

    @Override
    public Clob createClob() throws SQLException {
        return real.createClob();
    }

    @Override
    public NClob createNClob() throws SQLException {
        return real.createNClob();
    }

    @Override
    public SQLXML createSQLXML() throws SQLException {
        return real.createSQLXML();
    }

    @Override
    public Struct createStruct(String value, Object[] value2) throws SQLException {
        return real.createStruct(value, value2);
    }

    @Override
    public void endRequest() throws SQLException {
        real.endRequest();
    }

    @Override
    public boolean getAutoCommit() throws SQLException {
        return real.getAutoCommit();
    }

    @Override
    public String getCatalog() throws SQLException {
        return real.getCatalog();
    }

    @Override
    public Properties getClientInfo() throws SQLException {
        return real.getClientInfo();
    }

    @Override
    public String getClientInfo(String value) throws SQLException {
        return real.getClientInfo(value);
    }

    @Override
    public int getHoldability() throws SQLException {
        return real.getHoldability();
    }

    @Override
    public DatabaseMetaData getMetaData() throws SQLException {
        return real.getMetaData();
    }

    @Override
    public int getNetworkTimeout() throws SQLException {
        return real.getNetworkTimeout();
    }

    @Override
    public String getSchema() throws SQLException {
        return real.getSchema();
    }

    @Override
    public int getTransactionIsolation() throws SQLException {
        return real.getTransactionIsolation();
    }

    @Override
    public Map<String, Class<?>> getTypeMap() throws SQLException {
        return real.getTypeMap();
    }

    @Override
    public SQLWarning getWarnings() throws SQLException {
        return real.getWarnings();
    }

    @Override
    public boolean isClosed() throws SQLException {
        return real.isClosed();
    }

    @Override
    public boolean isReadOnly() throws SQLException {
        return real.isReadOnly();
    }

    @Override
    public boolean isValid(int value) throws SQLException {
        return real.isValid(value);
    }

    @Override
    public String nativeSQL(String sql) throws SQLException {
        return real.nativeSQL(sql);
    }

    @Override
    public void releaseSavepoint(Savepoint savepoint) throws SQLException {
        real.releaseSavepoint(savepoint);
    }

    @Override
    public void rollback() throws SQLException {
        real.rollback();
    }

    @Override
    public void rollback(Savepoint savepoint) throws SQLException {
        real.rollback(savepoint);
    }

    @Override
    public void setAutoCommit(boolean value) throws SQLException {
        real.setAutoCommit(value);
    }

    @Override
    public void setCatalog(String value) throws SQLException {
        real.setCatalog(value);
    }

    @Override
    public void setClientInfo(Properties value) throws SQLClientInfoException {
        real.setClientInfo(value);
    }

    @Override
    public void setClientInfo(String value, String text) throws SQLClientInfoException {
        real.setClientInfo(value, text);
    }

    @Override
    public void setHoldability(int value) throws SQLException {
        real.setHoldability(value);
    }

    @Override
    public void setNetworkTimeout(Executor executor, int value) throws SQLException {
        real.setNetworkTimeout(executor, value);
    }

    @Override
    public void setReadOnly(boolean value) throws SQLException {
        real.setReadOnly(value);
    }

    @Override
    public Savepoint setSavepoint() throws SQLException {
        return real.setSavepoint();
    }

    @Override
    public Savepoint setSavepoint(String value) throws SQLException {
        return real.setSavepoint(value);
    }

    @Override
    public void setSchema(String value) throws SQLException {
        real.setSchema(value);
    }

    @Override
    public void setShardingKey(ShardingKey shardingKey) throws SQLException {
        real.setShardingKey(shardingKey);
    }

    @Override
    public void setShardingKey(ShardingKey shardingKey, ShardingKey superShardingKey) throws SQLException {
        real.setShardingKey(shardingKey, superShardingKey);
    }

    @Override
    public boolean setShardingKeyIfValid(ShardingKey shardingKey, int value) throws SQLException {
        return real.setShardingKeyIfValid(shardingKey, value);
    }

    @Override
    public boolean setShardingKeyIfValid(ShardingKey shardingKey, ShardingKey superShardingKey, int value)
            throws SQLException {
        return real.setShardingKeyIfValid(shardingKey, superShardingKey, value);
    }

    @Override
    public void setTransactionIsolation(int value) throws SQLException {
        real.setTransactionIsolation(value);
    }

    @Override
    public void setTypeMap(Map<String, Class<?>> map) throws SQLException {
        real.setTypeMap(map);
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return type.isInstance(this) ? type.cast(this) : real.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || real.isWrapperFor(type);
    }
}
