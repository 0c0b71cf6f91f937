// SPDX-License-Identifier: Apache-2.0
/** How a component refuses a configuration. */
@Export
@Version("1.0.0")
@NullMarked
package org.flowtally.api.config;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
