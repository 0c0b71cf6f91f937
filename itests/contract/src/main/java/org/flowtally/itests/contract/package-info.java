// SPDX-License-Identifier: Apache-2.0
/** What every decoder must keep, as tests that its own tests inherit. */
@Export
@Version("1.0.0")
@NullMarked
package org.flowtally.itests.contract;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
