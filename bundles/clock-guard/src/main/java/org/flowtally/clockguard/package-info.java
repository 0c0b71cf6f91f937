// SPDX-License-Identifier: Apache-2.0
/** Turns the clock of an exporter into ours and judges the times of its flows. */
@NullMarked
package org.flowtally.clockguard;

import org.jspecify.annotations.NullMarked;
