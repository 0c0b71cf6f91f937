// SPDX-License-Identifier: Apache-2.0
/** Drops usage that is older than policy says. */
@NullMarked
package org.flowtally.retention;

import org.jspecify.annotations.NullMarked;
