// SPDX-License-Identifier: Apache-2.0
/** The corpus of captures of other projects, where it is present, and what is expected of a decoder for it. */
@Export
@Version("1.0.0")
@NullMarked
package org.flowtally.itests.contract.corpus;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
