// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.decode;

import org.flowtally.api.datagram.DatagramBatch;
import org.flowtally.api.flow.FlowBatch;
import org.osgi.annotation.versioning.ProviderType;

/** The version switch: gives each datagram to the decoder of its version. On the data path: swappable at a batch boundary. */
@ProviderType
public interface DatagramDecoder {
    /**
     * Decodes from the batch's cursor on, skipping refused datagrams, until all are decoded or {@code flows} is full, and
     * moves the cursor. While the decoder of a version is being swapped it waits for it.
     *
     * @return whether every datagram is decoded; if not, call again with an empty flow batch
     */
    boolean decode(DatagramBatch datagrams, FlowBatch flows);
}
