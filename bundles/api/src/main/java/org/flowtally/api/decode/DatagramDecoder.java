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
     * moves the cursor. While the decoder of a version is being swapped, datagrams of that version wait at the cursor: the
     * call returns after a moment, perhaps without any row, so that its caller can cross a batch boundary and call again.
     *
     * @return whether every datagram is decoded; if not, call again with an empty flow batch
     */
    boolean decode(DatagramBatch datagrams, FlowBatch flows);
}
