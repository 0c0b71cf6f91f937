// SPDX-License-Identifier: Apache-2.0
/** Opens the clock guard for benchmarks. */
@NullMarked
package org.flowtally.clockguard;

import org.jspecify.annotations.NullMarked;
