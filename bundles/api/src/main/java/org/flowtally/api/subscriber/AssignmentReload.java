// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.subscriber;

import org.osgi.annotation.versioning.ProviderType;

/** The reload of the assignments on demand; beside it they are reloaded periodically. Safe to call from any thread. */
@ProviderType
public interface AssignmentReload {
    /**
     * Reads the table now and waits for the end.
     *
     * @return what is in force afterwards; its last failure says why if the table could not be read
     * @throws IllegalStateException if there is nobody to take the assignments
     */
    AssignmentStatus reload();
}
