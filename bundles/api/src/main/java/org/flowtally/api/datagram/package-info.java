// SPDX-License-Identifier: Apache-2.0
/** Datagrams on their way from the socket to the decoders. */
@Export
@Version("1.0.0")
@NullMarked
package org.flowtally.api.datagram;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
