// SPDX-License-Identifier: Apache-2.0
package org.flowtally.report;

import java.util.List;
import org.flowtally.api.config.ConfigurationDirectory;
import org.flowtally.api.config.ConfigurationRejected;
import org.flowtally.lib.report.Refusals;
import org.osgi.service.component.annotations.Component;

/** Tells what the components of the suite refused. */
@Component
public final class RefusedConfigurations implements ConfigurationDirectory {
    @Override
    public List<ConfigurationRejected> refused() {
        return Refusals.all();
    }
}
