// SPDX-License-Identifier: Apache-2.0
/** Words and contracts that every bundle of the suite shares. */
@Export
@Version("1.0.0")
@NullMarked
package org.flowtally.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
