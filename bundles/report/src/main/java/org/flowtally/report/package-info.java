// SPDX-License-Identifier: Apache-2.0
/** Starts components anew whose configuration was refused at first and is mended. */
@NullMarked
package org.flowtally.report;

import org.jspecify.annotations.NullMarked;
