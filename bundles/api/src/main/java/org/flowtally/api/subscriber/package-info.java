// SPDX-License-Identifier: Apache-2.0
/** Who held which address when. */
@Export
@Version("1.0.0")
@NullMarked
package org.flowtally.api.subscriber;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
