// SPDX-License-Identifier: Apache-2.0
/** Decodes NetFlow v9. */
@NullMarked
package org.flowtally.decodev9;

import org.jspecify.annotations.NullMarked;
