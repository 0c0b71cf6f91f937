// SPDX-License-Identifier: Apache-2.0
package org.flowtally.storage;

import java.sql.SQLException;
import java.util.Set;

/** What a failure of the database means for the page in hand. */
enum DatabaseFault {
    /** The server is not there, or went away in the middle. */
    AWAY,
    /** Another transaction was in the way; the same again may succeed at once. */
    IN_THE_WAY,
    /** The page itself cannot be stored, however often it is tried. */
    PAGE,
    /** Something that an operator has to set right: account, rights, space, schema. */
    REFUSED;

    private static final int DUPLICATE_KEY = 1062;
    private static final int LOCK_WAIT_TIMEOUT = 1205;
    private static final int DEADLOCK = 1213;
    private static final int NO_PARTITION = 1526;
    private static final int CHECKREAD = 1020;
    private static final Set<Integer> IN_THE_WAY_CODES =
            Set.of(DUPLICATE_KEY, LOCK_WAIT_TIMEOUT, DEADLOCK, NO_PARTITION, CHECKREAD);

    /** Statement too large; number out of range; text too long; wrong text; wrong time; data truncated. */
    private static final Set<Integer> PAGE_CODES = Set.of(1153, 1264, 1265, 1292, 1366, 1406, 1690);

    /** Shutting down; killed; server gone; too many connections, of all and of the user; still starting. */
    private static final Set<Integer> AWAY_CODES = Set.of(1053, 1317, 1927, 2006, 2013, 1040, 1203, 1077, 1079);

    static DatabaseFault of(SQLException failure) {
        int code = failure.getErrorCode();
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        if (IN_THE_WAY_CODES.contains(code)) {
            return IN_THE_WAY;
        }
        if (AWAY_CODES.contains(code)) {
            return AWAY;
        }
        if (PAGE_CODES.contains(code) || state.startsWith("22")) {
            return PAGE;
        }
        return state.startsWith("08") || code <= 0 ? AWAY : REFUSED;
    }
}
