// SPDX-License-Identifier: Apache-2.0
/** NetFlow v5 datagrams, good and bad, and ways to send them over loopback in exact number and at an exact pace. */
@Export
@Version("1.0.0")
@NullMarked
package org.flowtally.itests.sender;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
