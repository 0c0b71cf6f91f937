// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import org.osgi.service.component.annotations.Component;

/** What is remembered of senders, kept while the admission is re-created by a change of its configuration. */
@Component(service = RefusedMemory.class, immediate = true) // Stays when for a moment nobody uses it.
public final class RefusedMemory {
    private final SenderBudgets budgets = new SenderBudgets();
    private RefusedSenders notAllowed = new RefusedSenders(1);
    private RefusedSenders overBudget = new RefusedSenders(1);

    /** Returns the senders that are not allowed, with room for so many. */
    synchronized RefusedSenders notAllowed(int room) {
        notAllowed = fitting(notAllowed, room);
        return notAllowed;
    }

    /** Returns the senders that were over their budget, with room for so many. */
    synchronized RefusedSenders overBudget(int room) {
        overBudget = fitting(overBudget, room);
        return overBudget;
    }

    /** Returns what each sender may still send. */
    SenderBudgets budgets() {
        return budgets;
    }

    private static RefusedSenders fitting(RefusedSenders senders, int room) {
        return senders.capacity() == room ? senders : senders.resized(room);
    }
}
