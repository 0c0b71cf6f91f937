// SPDX-License-Identifier: Apache-2.0
/** The door to what the version switch keeps to itself. */
@NullMarked
package org.flowtally.decode;

import org.jspecify.annotations.NullMarked;
