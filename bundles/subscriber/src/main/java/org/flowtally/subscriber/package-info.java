// SPDX-License-Identifier: Apache-2.0
/** Finds who held an address at the time of a flow. */
@NullMarked
package org.flowtally.subscriber;

import org.jspecify.annotations.NullMarked;
