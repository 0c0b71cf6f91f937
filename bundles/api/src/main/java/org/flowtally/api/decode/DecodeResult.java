// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.decode;

/** What became of a datagram in the decoders. Broken input is a value, not an exception. */
public enum DecodeResult {
    /** Every record of the datagram is in the batch. */
    DECODED,
    /** Every record of the datagram is in the batch, save those whose template is not known yet: they wait for it. */
    WAITING_FOR_TEMPLATE,
    /** The batch is full; the datagram's resume cursor says where the next batch goes on. */
    SINK_FULL,
    /** Shorter than its header, or than the records its header announces. */
    TRUNCATED,
    /** Longer than the records its header announces, or a count out of range. */
    LENGTH_MISMATCH,
    /** A version that the endpoint does not accept. */
    VERSION_NOT_ACCEPTED,
    /** A version that no decoder is installed for. */
    UNSUPPORTED,
    /** A version whose decoder the operator has switched off. */
    DECODER_DISABLED,
    /** This exporter is new, and the table, or the share of its endpoint or of its address, is full. */
    TOO_MANY_EXPORTERS,
    /** The decoder failed: a bug, reported once in the log. */
    DECODER_FAILED
}
