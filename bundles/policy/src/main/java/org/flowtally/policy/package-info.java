// SPDX-License-Identifier: Apache-2.0
/** Judges which exporters are trusted and which flows are counted. */
@NullMarked
package org.flowtally.policy;

import org.jspecify.annotations.NullMarked;
