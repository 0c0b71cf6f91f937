// SPDX-License-Identifier: Apache-2.0
/** Addresses and prefixes as two longs, their text, and the longest-prefix match over them. */
@Export
@Version("1.0.0")
@NullMarked
package org.flowtally.lib.lookup;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
