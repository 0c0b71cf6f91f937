// SPDX-License-Identifier: Apache-2.0
package org.flowtally.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.util.promise.Promise;
import org.osgi.util.promise.Promises;

class SecondStartTest {
    private static final String PID = "org.flowtally.accounting";

    private final FakeRuntime runtime = new FakeRuntime();
    private final SecondStart secondStart = new SecondStart(runtime, noBundles());

    @Test
    void startsAComponentAnewThatRefusedItsConfigurationWhenTheFileIsMended() {
        runtime.state = ComponentConfigurationDTO.FAILED_ACTIVATION;

        secondStart.configurationEvent(event(ConfigurationEvent.CM_UPDATED, PID));

        assertThat(runtime.calls).containsExactly("disable " + PID, "enable " + PID);
    }

    @Test
    void leavesARunningComponentAlone() {
        runtime.state = ComponentConfigurationDTO.ACTIVE;

        secondStart.configurationEvent(event(ConfigurationEvent.CM_UPDATED, PID));

        assertThat(runtime.calls).isEmpty();
    }

    @Test
    void leavesOtherConfigurationsAlone() {
        runtime.state = ComponentConfigurationDTO.FAILED_ACTIVATION;

        secondStart.configurationEvent(event(ConfigurationEvent.CM_UPDATED, "org.flowtally.decode"));
        secondStart.configurationEvent(event(ConfigurationEvent.CM_UPDATED, "org.apache.karaf.shell"));
        secondStart.configurationEvent(event(ConfigurationEvent.CM_DELETED, PID));

        assertThat(runtime.calls).isEmpty();
    }

    @SuppressWarnings("unchecked")
    private static ConfigurationEvent event(int type, String pid) {
        ServiceReference<ConfigurationAdmin> admin = (ServiceReference<ConfigurationAdmin>) Proxy.newProxyInstance(
                SecondStartTest.class.getClassLoader(),
                new Class<?>[] {ServiceReference.class},
                (proxy, method, given) -> null);
        return new ConfigurationEvent(admin, type, null, pid);
    }

    private static BundleContext noBundles() {
        return (BundleContext) Proxy.newProxyInstance(
                SecondStartTest.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (proxy, method, given) -> new Bundle[0]);
    }

    private static final class FakeRuntime implements ServiceComponentRuntime {
        private final List<String> calls = new ArrayList<>();
        private int state;

        @Override
        public Collection<ComponentDescriptionDTO> getComponentDescriptionDTOs(Bundle... bundles) {
            ComponentDescriptionDTO component = new ComponentDescriptionDTO();
            component.name = PID;
            component.configurationPid = new String[] {PID};
            return List.of(component);
        }

        @Override
        public ComponentDescriptionDTO getComponentDescriptionDTO(Bundle bundle, String name) {
            return getComponentDescriptionDTOs(bundle).iterator().next();
        }

        @Override
        public Collection<ComponentConfigurationDTO> getComponentConfigurationDTOs(ComponentDescriptionDTO component) {
            ComponentConfigurationDTO configured = new ComponentConfigurationDTO();
            configured.state = state;
            return List.of(configured);
        }

        @Override
        public boolean isComponentEnabled(ComponentDescriptionDTO component) {
            return true;
        }

        @Override
        public Promise<Void> enableComponent(ComponentDescriptionDTO component) {
            calls.add("enable " + component.name);
            return Promises.resolved(null);
        }

        @Override
        public Promise<Void> disableComponent(ComponentDescriptionDTO component) {
            calls.add("disable " + component.name);
            return Promises.resolved(null);
        }
    }
}
