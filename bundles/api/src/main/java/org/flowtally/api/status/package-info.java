// SPDX-License-Identifier: Apache-2.0
/** What a running collector says of itself. */
@Export
@Version("1.0.0")
@NullMarked
package org.flowtally.api.status;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
