// SPDX-License-Identifier: Apache-2.0
/** All decoders beside the corpus. */
@NullMarked
package org.flowtally.itests.conformance;

import org.jspecify.annotations.NullMarked;
