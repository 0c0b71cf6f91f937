// SPDX-License-Identifier: Apache-2.0
/** A bundle of a host, as an NMS has them, with a Camel and a Netty of its own. */
@NullMarked
package org.flowtally.itests.nms;

import org.jspecify.annotations.NullMarked;
