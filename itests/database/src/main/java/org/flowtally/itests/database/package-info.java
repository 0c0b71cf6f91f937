// SPDX-License-Identifier: Apache-2.0
/** A real MariaDB server as a helper process, for the tests of every module that talks to one. */
@NullMarked
package org.flowtally.itests.database;

import org.jspecify.annotations.NullMarked;
