// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.flowtally.api.config.ConfigurationRejected;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/**
 * A component that did not start, as Declarative Services remembers it.
 *
 * @param id the number under which its services carry the property {@code component.id}
 * @param component its name
 * @param isRefusal whether it refused its configuration: then it stays away until somebody mends the file
 * @param reason why, on one line
 */
record FailedStart(long id, String component, boolean isRefusal, String reason) {
    private static final String SUITE = "org.flowtally.";
    private static final String REFUSAL = ConfigurationRejected.class.getName() + ": ";
    private static final String CAUSE = "Caused by: ";

    /** Returns the components of the suite that did not start. */
    static List<FailedStart> among(Bundle[] bundles, ServiceComponentRuntime runtime) {
        Bundle[] suite =
                Arrays.stream(bundles).filter(FailedStart::belongsToSuite).toArray(Bundle[]::new);
        List<FailedStart> failed = new ArrayList<>();
        if (suite.length > 0) { // Without a bundle the runtime answers for all there are.
            for (ComponentDescriptionDTO description : runtime.getComponentDescriptionDTOs(suite)) {
                for (ComponentConfigurationDTO configured : runtime.getComponentConfigurationDTOs(description)) {
                    if (configured.state == ComponentConfigurationDTO.FAILED_ACTIVATION) {
                        failed.add(of(configured.id, description.name, configured.failure));
                    }
                }
            }
        }
        return failed;
    }

    /** Reads the stack trace in which Declarative Services keeps a failure. */
    static FailedStart of(long id, String component, @Nullable String stackTrace) {
        String failure = stackTrace == null ? "" : stackTrace;
        int refusal = failure.indexOf(REFUSAL);
        if (refusal >= 0) {
            return new FailedStart(id, component, true, lineAt(failure, refusal + REFUSAL.length()));
        }
        int cause = failure.lastIndexOf(CAUSE);
        String why = lineAt(failure, cause < 0 ? 0 : cause + CAUSE.length());
        return new FailedStart(
                id, component, false, "component did not start: component=%s, failure=%s".formatted(component, why));
    }

    private static boolean belongsToSuite(Bundle bundle) {
        String name = bundle.getSymbolicName();
        return name != null && name.startsWith(SUITE);
    }

    private static String lineAt(String text, int start) {
        return text.substring(start).lines().findFirst().orElse("unknown").strip();
    }
}
