// SPDX-License-Identifier: Apache-2.0
/** Templates, and the state of an exporter that outlives its decoder. */
@Export
@Version("1.0.0")
@NullMarked
package org.flowtally.lib.template;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
