// SPDX-License-Identifier: Apache-2.0
/** Decodes NetFlow v8. */
@NullMarked
package org.flowtally.decodev8;

import org.jspecify.annotations.NullMarked;
