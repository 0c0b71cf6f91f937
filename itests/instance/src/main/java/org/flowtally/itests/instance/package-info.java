// SPDX-License-Identifier: Apache-2.0
/** A real Karaf process from the assembly, with folders and ports of its own. */
@NullMarked
package org.flowtally.itests.instance;

import org.jspecify.annotations.NullMarked;
