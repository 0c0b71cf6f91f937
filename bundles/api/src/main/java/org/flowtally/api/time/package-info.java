// SPDX-License-Identifier: Apache-2.0
/** The one place where the wall clock is read. */
@Export
@Version("1.0.0")
@NullMarked
package org.flowtally.api.time;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
