// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.endpoint;

/**
 * What a change did.
 *
 * @param file the path of the cfg file
 * @param value what the key has now; empty if there is no such key
 * @param isInForce whether it holds already; if not, {@link EndpointDirectory} will tell why
 */
public record EndpointChange(String file, String value, boolean isInForce) {}
