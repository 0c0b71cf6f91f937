// SPDX-License-Identifier: Apache-2.0
package org.flowtally.storage;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.Statement;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.mariadb.jdbc.MariaDbDataSource;

/** Connections to the database under the configured account. The password is read anew for each and kept nowhere. */
final class AccountedSource implements DataSource {
    private final StorageSettings settings;
    private final PasswordFile passwordFile;
    private final String url;

    AccountedSource(StorageSettings settings) {
        this.settings = settings;
        this.passwordFile = new PasswordFile(settings.passwordFile());
        // Bulk statements of the driver are slower than rewritten batches for upserts (measured), and time zones are
        // settled here, so that nobody's session shifts a time.
        this.url = settings.url() + (settings.url().contains("?") ? "&" : "?")
                + "rewriteBatchedStatements=true&useBulkStmts=false&useBulkStmtsForInserts=false"
                + "&connectionTimeZone=UTC&forceConnectionTimeZoneToSession=true"
                + "&connectTimeout=" + settings.connectTimeout().toMillis()
                + "&socketTimeout=" + settings.statementTimeout().toMillis();
    }

    /** Opens a connection, or says what an operator has to do first. */
    Connection open() throws SQLException, DatabaseRefusal {
        MariaDbDataSource source = new MariaDbDataSource(url);
        source.setUser(settings.user());
        source.setPassword(passwordFile.read());
        Connection connection = source.getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'");
        } catch (SQLException failure) {
            connection.close();
            throw failure;
        }
        return connection;
    }

    @Override
    public Connection getConnection() throws SQLException {
        try {
            return open();
        } catch (DatabaseRefusal refusal) {
            throw new SQLInvalidAuthorizationSpecException(refusal.reason(), "28000", refusal);
        }
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("the account is configured");
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter writer) {
        // The driver logs nothing of its own.
    }

    @Override
    public void setLoginTimeout(int seconds) {
        // The connect timeout is configured.
    }

    @Override
    public int getLoginTimeout() {
        return (int) settings.connectTimeout().toSeconds();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("no java.util.logging here");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("not a wrapper: type=" + type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }

    @Override
    public String toString() {
        return "url=" + settings.url() + ", user=" + settings.user();
    }
}
