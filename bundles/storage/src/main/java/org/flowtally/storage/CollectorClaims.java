// SPDX-License-Identifier: Apache-2.0
package org.flowtally.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/**
 * The claims to collector ids, one lock of the server each, held by the connection that applies pages and lost with it. While
 * somebody else lives under an id nothing is written under it.
 */
final class CollectorClaims {
    private final Connection connection;
    private final Set<String> held = new TreeSet<>();

    CollectorClaims(Connection connection) {
        this.connection = connection;
    }

    /** Claims an id, unless it is held already. */
    void claim(String collectorId) throws SQLException, DatabaseRefusal {
        if (held.contains(collectorId)) {
            return;
        }
        if (DatabaseLock.take(connection, "id." + collectorId, Duration.ZERO).isEmpty()) {
            throw new DatabaseRefusal(
                    ("collector id is in use: collectorId=%s, heldBy=%s; stop the other collector or give"
                                    + " this one another collector.id in org.flowtally.accounting.cfg")
                            .formatted(collectorId, holder(collectorId)));
        }
        held.add(collectorId);
    }

    /** Returns the ids held. */
    Set<String> held() {
        return held;
    }

    private String holder(String collectorId) throws SQLException {
        String sql = "SELECT p.id, p.host, (SELECT host_name FROM collector_status WHERE collector_id = ?)"
                + " FROM information_schema.processlist p WHERE p.id = IS_USED_LOCK(?)";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, collectorId);
            select.setString(2, DatabaseLock.nameOf(connection, "id." + collectorId));
            try (ResultSet result = select.executeQuery()) {
                return result.next()
                        ? "%s at %s (connection %s)"
                                .formatted(result.getString(3), result.getString(2), result.getString(1))
                        : "unknown";
            }
        }
    }
}
