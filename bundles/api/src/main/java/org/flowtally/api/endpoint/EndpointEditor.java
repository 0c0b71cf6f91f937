// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.endpoint;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Changes endpoints by changing their cfg files, so that file and shell are each the other's mirror; comments stay. Each
 * method checks first, then writes, and returns when the change is in force or after some seconds. Safe to call from any
 * thread.
 *
 * <p>Each throws {@link org.flowtally.api.config.ConfigurationRejected} and leaves the file alone if the change is wrong.
 */
@ProviderType
public interface EndpointEditor {
    /** The key of the exporters that may send. */
    String ALLOWED_SUBNETS = "allowed.subnets";

    /** The key of the flow addresses that count in whitelist mode. */
    String WHITELIST_SUBNETS = "whitelist.subnets";

    /** Returns all keys that a file may have, in alphabetical order. */
    List<String> keys();

    /** Makes a file for a new endpoint with these values; keys not among them have their default. */
    EndpointChange create(String endpoint, Map<String, String> values);

    /** Sets one key. */
    EndpointChange set(String endpoint, String key, String value);

    /** Adds prefixes to a list, those left out that are in it already. */
    EndpointChange add(String endpoint, String key, List<String> prefixes);

    /** Takes prefixes out of a list; each must be in it as it is given. */
    EndpointChange remove(String endpoint, String key, List<String> prefixes);

    /** Deletes the file of an endpoint, which closes it. */
    EndpointChange delete(String endpoint);
}
