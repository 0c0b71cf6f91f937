// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.decode;

import org.osgi.annotation.versioning.ProviderType;

/**
 * What is remembered of an exporter's templates and options. The library {@code template} is the one that makes it and
 * knows what is in it; here it has a name so that {@link ExporterState} can carry it from one decoder to the next.
 */
@ProviderType
public interface ExporterMemory {
    /** Returns the number of templates known. */
    int templates();

    /** Returns the octets of data that wait for their template. */
    int heldOctets();
}
