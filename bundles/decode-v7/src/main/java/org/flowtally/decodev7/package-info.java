// SPDX-License-Identifier: Apache-2.0
/** Decodes NetFlow v7. */
@NullMarked
package org.flowtally.decodev7;

import org.jspecify.annotations.NullMarked;
