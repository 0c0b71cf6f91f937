// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.endpoint;

/**
 * A configuration of an endpoint that is not in force.
 *
 * @param file the cfg file, without its folder
 * @param reason what is wrong, by file, key, value and what is allowed; it may be in a file that the cfg file names
 * @param isEarlierInForce whether an earlier configuration of this file is in force
 */
public record RefusedConfiguration(String file, String reason, boolean isEarlierInForce) {
    /** Returns file and reason as one line. */
    @Override
    public String toString() {
        return file + ": " + reason;
    }
}
