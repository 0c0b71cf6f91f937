// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.policy;

import java.util.List;
import org.flowtally.api.datagram.DatagramBatch;
import org.osgi.annotation.versioning.ProviderType;

/** The gate that decides which senders are listened to. On the data path: swappable at a batch boundary. */
@ProviderType
public interface DatagramAdmission {
    /** Marks every datagram as refused whose sender its endpoint does not allow or grants no more, and counts it. */
    void admit(DatagramBatch batch);

    /** Returns the senders refused since start, the most recent first; bounded. Safe to call from any thread. */
    List<RefusedSender> refused();

    /** Returns the datagrams refused since start, those of senders no longer listed included. */
    long refusedDatagrams();

    /** Returns those of them that were refused because their sender had sent more than its endpoint grants. */
    default long overBudgetDatagrams() {
        return 0;
    }
}
