// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.util.promise.Promise;

/** Declarative Services with the components that a test lets fail. */
final class Components implements ServiceComponentRuntime {
    private record Configured(ComponentDescriptionDTO component, ComponentConfigurationDTO configuration) {}

    private final List<Configured> all = new ArrayList<>();
    private List<String> bundlesAsked = List.of();

    /** Adds a component of the suite. */
    void add(long id, String name, int state, String failure) {
        ComponentDescriptionDTO component = new ComponentDescriptionDTO();
        component.name = name;
        ComponentConfigurationDTO configuration = new ComponentConfigurationDTO();
        configuration.id = id;
        configuration.state = state;
        configuration.failure = failure;
        all.add(new Configured(component, configuration));
    }

    /** Adds a component that refused its configuration, with the stack trace as the container keeps it. */
    void addRefused(long id, String name, String message) {
        add(
                id,
                name,
                ComponentConfigurationDTO.FAILED_ACTIVATION,
                "java.lang.reflect.InvocationTargetException\n\tat java.base/A.b(A.java:1)\n"
                        + "Caused by: org.flowtally.api.config.ConfigurationRejected: " + message + "\n");
    }

    /** Returns the bundles that were asked about last. */
    List<String> bundlesAsked() {
        return bundlesAsked;
    }

    @Override
    public Collection<ComponentDescriptionDTO> getComponentDescriptionDTOs(Bundle... bundles) {
        bundlesAsked = List.of(bundles).stream().map(Bundle::getSymbolicName).toList();
        return all.stream().map(Configured::component).toList();
    }

    @Override
    public ComponentDescriptionDTO getComponentDescriptionDTO(Bundle bundle, String name) {
        throw new UnsupportedOperationException("commands ask for all");
    }

    @Override
    public Collection<ComponentConfigurationDTO> getComponentConfigurationDTOs(ComponentDescriptionDTO component) {
        return all.stream()
                .filter(configured -> configured.component() == component)
                .map(Configured::configuration)
                .toList();
    }

    @Override
    public boolean isComponentEnabled(ComponentDescriptionDTO component) {
        return true;
    }

    @Override
    public Promise<Void> enableComponent(ComponentDescriptionDTO component) {
        throw new UnsupportedOperationException("commands only read");
    }

    @Override
    public Promise<Void> disableComponent(ComponentDescriptionDTO component) {
        throw new UnsupportedOperationException("commands only read");
    }
}
