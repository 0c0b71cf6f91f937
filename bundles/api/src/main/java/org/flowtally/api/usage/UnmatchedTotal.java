// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.usage;

/**
 * What an address of the home networks moved while nobody held it. All counters are unsigned 64 bits.
 *
 * @param realm the address space
 * @param addressHigh the upper half of the address (IPv4 as ::ffff:a.b.c.d)
 * @param addressLow the lower half of the address
 * @param bucketStartMillis the start of the bucket, milliseconds since 1970
 * @param bytesIn octets towards the address
 * @param bytesOut octets from the address
 * @param packetsIn packets towards the address
 * @param packetsOut packets from the address
 * @param flows flows, each in the bucket it began in
 * @param quality bits of {@link org.flowtally.api.flow.Quality}
 */
public record UnmatchedTotal(
        String realm,
        long addressHigh,
        long addressLow,
        long bucketStartMillis,
        long bytesIn,
        long bytesOut,
        long packetsIn,
        long packetsOut,
        long flows,
        int quality) {}
