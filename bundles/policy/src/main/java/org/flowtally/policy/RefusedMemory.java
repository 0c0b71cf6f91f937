// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import org.osgi.service.component.annotations.Component;

/** The refused senders, kept while the admission is re-created by a change of its configuration. */
@Component(service = RefusedMemory.class, immediate = true) // Stays when for a moment nobody uses it.
public final class RefusedMemory {
    private RefusedSenders senders = new RefusedSenders(1);

    /** Returns the senders remembered so far, with room for so many. */
    synchronized RefusedSenders senders(int room) {
        if (senders.capacity() != room) {
            senders = senders.resized(room);
        }
        return senders;
    }
}
