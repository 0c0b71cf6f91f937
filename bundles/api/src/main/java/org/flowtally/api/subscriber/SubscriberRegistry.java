// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.subscriber;

import org.osgi.annotation.versioning.ProviderType;

/**
 * The subscribers behind the dense ids that rows carry. Append-only: an id means the same subscriber as long as the
 * registry lives, across reloads of the assignments. Safe to read from any thread.
 */
@ProviderType
public interface SubscriberRegistry {
    /** Returns how many ids are given out; they are 0 to size() - 1. */
    int size();

    /** Returns the subscriber behind an id. */
    Subscriber subscriber(int id);
}
