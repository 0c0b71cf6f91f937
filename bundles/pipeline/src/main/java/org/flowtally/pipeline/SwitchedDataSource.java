// SPDX-License-Identifier: Apache-2.0
package org.flowtally.pipeline;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The data source that the routes know: it stays the same while the service behind it comes and goes with the bundle
 * {@code storage}.
 */
final class SwitchedDataSource implements DataSource {
    private volatile @Nullable DataSource service;

    /** Puts a service behind it, in place of the one before. */
    void bind(DataSource bound) {
        service = bound;
    }

    /** Takes a service away, unless another one has taken its place. */
    void unbind(DataSource unbound) {
        if (service == unbound) {
            service = null;
        }
    }

    private DataSource service() throws SQLException {
        DataSource current = service;
        if (current == null) {
            throw new SQLException("no data source: the bundle storage is not active");
        }
        return current;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return service().getConnection();
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        return service().getConnection(username, password);
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return service().getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        service().setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        service().setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return service().getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return service().unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return service().isWrapperFor(type);
    }
}
