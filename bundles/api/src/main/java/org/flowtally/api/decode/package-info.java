// SPDX-License-Identifier: Apache-2.0
/** The contract between the version switch and the decoders, and what is known of each exporter. */
@Export
@Version("1.0.0")
@NullMarked
package org.flowtally.api.decode;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
