// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.database;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * One database of a server and the user it belongs to.
 *
 * @param server the server that holds it
 * @param name its name
 * @param user the user with every right on it and none elsewhere
 * @param password the user's password
 */
public record Database(MariaDbServer server, String name, String user, String password) {
    /** Returns the address for a JDBC driver, without user and password. */
    public String jdbcUrl() {
        return server.jdbcUrl(name);
    }

    /** Opens a connection as the database's user. */
    public Connection connect() throws SQLException {
        return server.connect(name, user, password);
    }

    /** Writes the password to a file that only the owner can read, and returns the file. */
    public Path passwordFile() {
        return server.writeSecret(name, password);
    }

    /** Executes statements, each in a transaction of its own. */
    public void execute(String... statements) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException failure) {
            throw new IllegalStateException("statement refused: database=" + name, failure);
        }
    }

    /** Returns the rows of a query, each as its values in text separated by {@code |}; NULL reads {@code NULL}. */
    public List<String> rows(String query) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            int columns = result.getMetaData().getColumnCount();
            List<String> rows = new ArrayList<>();
            while (result.next()) {
                StringBuilder row = new StringBuilder();
                for (int column = 1; column <= columns; column++) {
                    String value = result.getString(column);
                    row.append(column == 1 ? "" : "|").append(value == null ? "NULL" : value);
                }
                rows.add(row.toString());
            }
            return rows;
        } catch (SQLException failure) {
            throw new IllegalStateException("query refused: database=" + name, failure);
        }
    }

    /** Returns the one number that a query yields. */
    public long number(String query) {
        return Long.parseLong(rows(query).get(0));
    }
}
