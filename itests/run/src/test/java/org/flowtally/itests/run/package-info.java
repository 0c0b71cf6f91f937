// SPDX-License-Identifier: Apache-2.0
/** Tests of {@code run.sh} on the assembly of this build. */
@NullMarked
package org.flowtally.itests.run;

import org.jspecify.annotations.NullMarked;
