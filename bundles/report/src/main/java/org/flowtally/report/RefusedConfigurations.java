// SPDX-License-Identifier: Apache-2.0
package org.flowtally.report;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.flowtally.api.config.ConfigurationDirectory;
import org.flowtally.api.config.ConfigurationRejected;
import org.flowtally.lib.report.Refusals;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** Tells what the components of the suite refused, as long as their bundles are there: one that is gone goes on with nothing. */
@Component
public final class RefusedConfigurations implements ConfigurationDirectory {
    private final ServiceComponentRuntime runtime;

    /** Asks Declarative Services which components there are. */
    @Activate
    public RefusedConfigurations(@Reference ServiceComponentRuntime runtime) {
        this.runtime = runtime;
    }

    @Override
    public List<ConfigurationRejected> refused() {
        Set<String> there = runtime.getComponentDescriptionDTOs().stream()
                .flatMap(component -> Arrays.stream(component.configurationPid))
                .collect(Collectors.toSet());
        return Refusals.all().stream()
                .filter(refused -> there.contains(refused.component()))
                .toList();
    }
}
