// SPDX-License-Identifier: Apache-2.0
/** Who may send, and who was refused. */
@Export
@Version("1.0.0")
@NullMarked
package org.flowtally.api.policy;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
