// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.decode;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Switches decoders off and on while datagrams arrive. What is switched off stays so over a restart, whether its bundle is
 * there or not; its datagrams are counted as {@link DecodeResult#DECODER_DISABLED}.
 */
@ProviderType
public interface DecoderControl {
    /**
     * Switches the decoder of a version off, from the next datagram on, and writes that into the configuration.
     *
     * @param version the export version, 1..65535
     * @throws IllegalStateException if the configuration cannot be written; nothing is changed then
     */
    void disable(int version);

    /** Switches the decoder of a version on again, as {@link #disable} switches it off. */
    void enable(int version);
}
