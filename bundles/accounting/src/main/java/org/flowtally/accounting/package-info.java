// SPDX-License-Identifier: Apache-2.0
/** Adds usage up in memory and seals it into pages. */
@NullMarked
package org.flowtally.accounting;

import org.jspecify.annotations.NullMarked;
