// SPDX-License-Identifier: Apache-2.0
/** Opens the ledger for benchmarks. */
@NullMarked
package org.flowtally.accounting;

import org.jspecify.annotations.NullMarked;
