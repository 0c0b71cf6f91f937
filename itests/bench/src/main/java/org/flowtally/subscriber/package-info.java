// SPDX-License-Identifier: Apache-2.0
/** Opens the subscriber match for benchmarks. */
@NullMarked
package org.flowtally.subscriber;

import org.jspecify.annotations.NullMarked;
