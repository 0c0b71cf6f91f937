// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.decode;

/**
 * What is known of the decoder of one version.
 *
 * @param version the export version
 * @param bundle symbolic name and version of the bundle it comes from; empty if none was ever there
 * @param state whether it decodes
 * @param datagrams datagrams given to it
 * @param records rows it made of them
 * @param errors datagrams that it refused as damaged, or failed on
 */
public record DecoderStatus(int version, String bundle, State state, long datagrams, long records, long errors) {
    /** Whether a decoder decodes. */
    public enum State {
        /** It decodes. */
        ACTIVE,
        /** It was there and is being swapped; its datagrams wait. */
        AWAY,
        /** It is not installed; its datagrams are counted as unsupported. */
        ABSENT,
        /** The operator has switched it off, be it installed or not; its datagrams are counted as such. */
        DISABLED
    }
}
