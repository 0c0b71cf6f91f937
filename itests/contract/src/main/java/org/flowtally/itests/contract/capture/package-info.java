// SPDX-License-Identifier: Apache-2.0
/** Datagrams that real exporters sent, and how to read them from capture files. */
@Export
@Version("1.0.0")
@NullMarked
package org.flowtally.itests.contract.capture;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
