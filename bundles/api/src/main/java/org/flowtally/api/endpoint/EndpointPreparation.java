// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.endpoint;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Is told of each snapshot of an endpoint before the first datagram carries it, so that what takes long, such as compiling a
 * list of 100,000 prefixes, need not be done where datagrams wait. Whoever registers this service is told of all endpoints that
 * there are. Called by threads that configure, and safe for any.
 */
@ConsumerType
public interface EndpointPreparation {
    /** Prepares for datagrams with this snapshot; those with the one before still come for a while. */
    void prepare(Endpoint endpoint);

    /** Lets go of what was prepared for an endpoint that is no more, by its name; datagrams of it still come for a while. */
    void forget(String endpoint);
}
