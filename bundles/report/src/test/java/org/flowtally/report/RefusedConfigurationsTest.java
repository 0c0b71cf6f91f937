// SPDX-License-Identifier: Apache-2.0
package org.flowtally.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.flowtally.api.config.ConfigurationRejected;
import org.flowtally.lib.report.Refusals;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.slf4j.LoggerFactory;

class RefusedConfigurationsTest {
    private static final String PID = "org.flowtally.going";

    private final List<ComponentDescriptionDTO> components = new ArrayList<>();

    @AfterEach
    void forget() {
        Refusals.forget(PID);
    }

    @Test
    void tellsOfARefusalWhileItsComponentIsThere() {
        ComponentDescriptionDTO component = new ComponentDescriptionDTO();
        component.configurationPid = new String[] {"org.flowtally.other", PID};
        components.add(component);
        ConfigurationRejected refused = new ConfigurationRejected(PID, "port", "many", "1..65535");
        RefusedConfigurations configurations = new RefusedConfigurations(runtime());
        Refusals.note(refused, LoggerFactory.getLogger(RefusedConfigurationsTest.class));

        assertThat(configurations.refused()).containsExactly(refused);
        components.clear();
        assertThat(configurations.refused()).isEmpty();
    }

    private ServiceComponentRuntime runtime() {
        return (ServiceComponentRuntime) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ServiceComponentRuntime.class},
                (proxy, method, arguments) -> components);
    }
}
