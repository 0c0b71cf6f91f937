// SPDX-License-Identifier: Apache-2.0
/** Named UDP endpoints that hand over batches of datagrams. */
@NullMarked
package org.flowtally.listener;

import org.jspecify.annotations.NullMarked;
