// SPDX-License-Identifier: Apache-2.0
package org.flowtally.report;

import java.util.Arrays;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The second start of a component that refused its first configuration. Declarative Services leaves a component that
 * failed to start as it is when its configuration changes, if the component has a {@code @Modified} method to be told
 * by: it would stay away until somebody restarts its bundle. This listener starts such a component of the suite anew when
 * its file is mended.
 */
@Component
public final class SecondStart implements ConfigurationListener {
    private static final Logger LOG = LoggerFactory.getLogger(SecondStart.class);
    private static final String SUITE = "org.flowtally.";

    private final ServiceComponentRuntime runtime;
    private final BundleContext bundles;

    /** Listens from now on. */
    @Activate
    public SecondStart(@Reference ServiceComponentRuntime runtime, BundleContext bundles) {
        this.runtime = runtime;
        this.bundles = bundles;
    }

    @Override
    public void configurationEvent(ConfigurationEvent event) {
        if (event.getType() == ConfigurationEvent.CM_UPDATED && event.getPid().startsWith(SUITE)) {
            runtime.getComponentDescriptionDTOs(bundles.getBundles()).stream()
                    .filter(component ->
                            Arrays.asList(component.configurationPid).contains(event.getPid()))
                    .filter(this::hasFailed)
                    .forEach(this::startAnew);
        }
    }

    private boolean hasFailed(ComponentDescriptionDTO component) {
        return runtime.getComponentConfigurationDTOs(component).stream()
                .anyMatch(configured -> configured.state == ComponentConfigurationDTO.FAILED_ACTIVATION);
    }

    private void startAnew(ComponentDescriptionDTO component) {
        LOG.info("configuration changed, component is started anew: component={}", component.name);
        runtime.disableComponent(component)
                .then(disabled -> runtime.enableComponent(component))
                .then(
                        null,
                        failed -> LOG.error(
                                "component could not be started anew: component={}",
                                component.name,
                                failed.getFailure()));
    }
}
