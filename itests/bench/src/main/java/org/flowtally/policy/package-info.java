// SPDX-License-Identifier: Apache-2.0
/** Opens the policy for benchmarks. */
@NullMarked
package org.flowtally.policy;

import org.jspecify.annotations.NullMarked;
