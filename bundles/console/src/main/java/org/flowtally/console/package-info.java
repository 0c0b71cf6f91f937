// SPDX-License-Identifier: Apache-2.0
/** Shell commands that show and change what runs. */
@NullMarked
package org.flowtally.console;

import org.jspecify.annotations.NullMarked;
