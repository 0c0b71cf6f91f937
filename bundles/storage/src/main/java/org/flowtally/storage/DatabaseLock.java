// SPDX-License-Identifier: Apache-2.0
package org.flowtally.storage;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A named lock of the server (GET_LOCK), held by a connection until it ends or lets go. Names are known to the whole server,
 * so the database is part of them.
 *
 * @param connection who holds it
 * @param name its name on the server
 */
record DatabaseLock(Connection connection, String name) implements AutoCloseable {
    private static final int MOST_NAME_LETTERS = 64;

    /** Returns the lock's name on the server. */
    static String nameOf(Connection connection, String purpose) throws SQLException {
        String name = "flowtally." + connection.getCatalog() + "." + purpose;
        return name.length() <= MOST_NAME_LETTERS ? name : "flowtally." + shortened(name);
    }

    /** Takes the lock, waiting for as long as given; empty if another connection keeps it. */
    static Optional<DatabaseLock> take(Connection connection, String purpose, Duration patience) throws SQLException {
        String name = nameOf(connection, purpose);
        try (PreparedStatement statement = connection.prepareStatement("SELECT GET_LOCK(?, ?)")) {
            statement.setString(1, name);
            statement.setLong(2, patience.toSeconds());
            try (ResultSet result = statement.executeQuery()) {
                return result.next() && result.getInt(1) == 1
                        ? Optional.of(new DatabaseLock(connection, name))
                        : Optional.empty();
            }
        }
    }

    /** Lets go. */
    @Override
    public void close() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("DO RELEASE_LOCK(?)")) {
            statement.setString(1, name);
            statement.execute();
        }
    }

    private static String shortened(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 20);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
