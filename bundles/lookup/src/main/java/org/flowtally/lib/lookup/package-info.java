// SPDX-License-Identifier: Apache-2.0
/** Longest-prefix match and address look-up. */
@Export
@Version("1.0.0")
@NullMarked
package org.flowtally.lib.lookup;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
