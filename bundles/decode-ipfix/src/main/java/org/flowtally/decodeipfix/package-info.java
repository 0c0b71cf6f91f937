// SPDX-License-Identifier: Apache-2.0
/** Decodes IPFIX. */
@NullMarked
package org.flowtally.decodeipfix;

import org.jspecify.annotations.NullMarked;
