// SPDX-License-Identifier: Apache-2.0
/** Counters, a log that does not repeat itself, and the refusal of wrong configuration values. */
@Export
@Version("1.0.0")
@NullMarked
package org.flowtally.lib.report;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
