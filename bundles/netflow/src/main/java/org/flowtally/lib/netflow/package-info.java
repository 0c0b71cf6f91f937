// SPDX-License-Identifier: Apache-2.0
/** What NetFlow v1, v5, v7 and v8 have in common: the head of the header, and words that records share. */
@Export
@Version("1.0.0")
@NullMarked
package org.flowtally.lib.netflow;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
