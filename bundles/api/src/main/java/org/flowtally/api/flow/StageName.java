// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.flow;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;

/** The place of a {@link FlowStage} on the data path, as the service property {@code stage.name}. */
@ComponentPropertyType
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface StageName {
    /** The clock guard: flow times, future and stale flows. */
    String CLOCK_GUARD = "clock-guard";
    /** The policy: whitelist of flow addresses. */
    String POLICY = "policy";
    /** The subscriber match: who held the addresses. */
    String SUBSCRIBER = "subscriber";
    /** The accounting: the ledger. */
    String ACCOUNTING = "accounting";

    /** One of the names above. */
    String stage_name();
}
