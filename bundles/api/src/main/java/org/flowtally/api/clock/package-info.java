// SPDX-License-Identifier: Apache-2.0
/** Clocks: what is known of those of the exporters and of this host's. */
@Export
@Version("1.0.0")
@NullMarked
package org.flowtally.api.clock;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
