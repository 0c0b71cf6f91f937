// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.usage;

/**
 * What a subscriber moved within one bucket: a whole figure or an addition to one. All counters are unsigned 64 bits.
 *
 * @param accountId the customer's account
 * @param serviceId the line or device; may be empty
 * @param trafficClass the traffic class; empty for ordinary traffic
 * @param bucketStartMillis the start of the bucket, milliseconds since 1970
 * @param bytesIn octets towards the subscriber (download)
 * @param bytesOut octets from the subscriber (upload)
 * @param packetsIn packets towards the subscriber
 * @param packetsOut packets from the subscriber
 * @param flows flows credited, each in the bucket it began in
 * @param quality bits of {@link org.flowtally.api.flow.Quality}
 */
public record UsageTotal(
        String accountId,
        String serviceId,
        String trafficClass,
        long bucketStartMillis,
        long bytesIn,
        long bytesOut,
        long packetsIn,
        long packetsOut,
        long flows,
        int quality) {}
