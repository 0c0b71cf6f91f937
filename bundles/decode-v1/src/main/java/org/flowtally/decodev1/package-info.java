// SPDX-License-Identifier: Apache-2.0
/** Decodes NetFlow v1. */
@NullMarked
package org.flowtally.decodev1;

import org.jspecify.annotations.NullMarked;
