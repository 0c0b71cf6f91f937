// SPDX-License-Identifier: Apache-2.0
/** Sends each datagram to the decoder of its version and keeps the exporter table. */
@NullMarked
package org.flowtally.decode;

import org.jspecify.annotations.NullMarked;
