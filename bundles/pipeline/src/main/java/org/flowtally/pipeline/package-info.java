// SPDX-License-Identifier: Apache-2.0
/** Wires the stages: the way of a flow from socket to table. */
@NullMarked
package org.flowtally.pipeline;

import org.jspecify.annotations.NullMarked;
