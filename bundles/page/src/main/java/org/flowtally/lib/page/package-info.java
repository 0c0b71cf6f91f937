// SPDX-License-Identifier: Apache-2.0
/** The file format of a sealed page of usage, and the folder it waits in until the database has it. */
@Export
@Version("1.0.0")
@NullMarked
package org.flowtally.lib.page;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
