// SPDX-License-Identifier: Apache-2.0
/** Decoded flows: batches of rows in columns, and the verdict that each row gets. */
@Export
@Version("1.0.0")
@NullMarked
package org.flowtally.api.flow;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
