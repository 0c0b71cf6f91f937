// SPDX-License-Identifier: Apache-2.0
/** Decodes NetFlow v5. */
@NullMarked
package org.flowtally.decodev5;

import org.jspecify.annotations.NullMarked;
