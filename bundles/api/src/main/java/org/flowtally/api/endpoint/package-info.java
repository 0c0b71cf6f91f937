// SPDX-License-Identifier: Apache-2.0
/** Endpoints: the named sockets with their policy, and what is known of each. */
@Export
@Version("1.0.0")
@NullMarked
package org.flowtally.api.endpoint;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
