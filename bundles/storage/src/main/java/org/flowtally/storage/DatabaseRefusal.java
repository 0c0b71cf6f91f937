// SPDX-License-Identifier: Apache-2.0
package org.flowtally.storage;

/** A reason not to write that an operator has to remove; the message says what it is and what to do. */
final class DatabaseRefusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    DatabaseRefusal(String reason) {
        super(reason);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
