// SPDX-License-Identifier: Apache-2.0
/** All decoders under a coverage-guided fuzzer. */
@NullMarked
package org.flowtally.itests.fuzz;

import org.jspecify.annotations.NullMarked;
