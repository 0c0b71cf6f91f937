// SPDX-License-Identifier: Apache-2.0
/** Opens the version switch for benchmarks. */
@NullMarked
package org.flowtally.decode;

import org.jspecify.annotations.NullMarked;
