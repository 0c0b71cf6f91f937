// SPDX-License-Identifier: Apache-2.0
/** Usage totals, the pages they travel in, and the ledger they come from. */
@Export
@Version("1.0.0")
@NullMarked
package org.flowtally.api.usage;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
