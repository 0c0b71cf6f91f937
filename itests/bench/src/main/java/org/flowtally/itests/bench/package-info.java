// SPDX-License-Identifier: Apache-2.0
/** Benchmarks: JMH for stages, and the replay of a whole collector under load. */
@NullMarked
package org.flowtally.itests.bench;

import org.jspecify.annotations.NullMarked;
