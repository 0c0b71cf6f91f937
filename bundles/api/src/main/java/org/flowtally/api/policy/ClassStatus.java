// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.policy;

import java.util.List;

/**
 * A traffic class.
 *
 * @param name what stands in the usage tables
 * @param prefixes how many prefixes its list has
 * @param realms the realms it holds in; none means every one
 * @param hours when it holds, as text; empty means always
 * @param isInForce whether it holds now
 */
public record ClassStatus(String name, int prefixes, List<String> realms, String hours, boolean isInForce) {}
