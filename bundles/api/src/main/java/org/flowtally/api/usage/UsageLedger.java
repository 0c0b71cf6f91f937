// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.usage;

import org.osgi.annotation.versioning.ProviderType;

/** The usage in memory. Safe to call from any thread. */
@ProviderType
public interface UsageLedger {
    /** Seals what was counted since the last call and writes it as a page; called by the housekeeping route. */
    void flush();

    /** Returns what the ledger says of itself. */
    LedgerStatus status();
}
