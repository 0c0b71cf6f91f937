// SPDX-License-Identifier: Apache-2.0
/** Keeps the schema of the database and applies pages to it, each exactly once. */
@NullMarked
package org.flowtally.storage;

import org.jspecify.annotations.NullMarked;
