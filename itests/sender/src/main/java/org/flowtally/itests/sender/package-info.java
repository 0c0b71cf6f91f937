// SPDX-License-Identifier: Apache-2.0
/** Datagrams of NetFlow v5, good and bad, of v9 and IPFIX, and ways to send them over loopback at an exact pace. */
@Export
@Version("1.0.0")
@NullMarked
package org.flowtally.itests.sender;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
