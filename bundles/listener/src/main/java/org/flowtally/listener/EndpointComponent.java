// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import java.util.List;
import java.util.Map;
import org.flowtally.api.config.ConfigurationRejected;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One configuration of an endpoint: it comes with the cfg file, changes with it and goes with it. A component is there even
 * if its configuration is refused, so that the refusal can be seen.
 */
@Component(
        configurationPid = EndpointFile.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        service = {},
        immediate = true)
@Designate(ocd = EndpointConfig.class, factory = true)
public final class EndpointComponent {
    private static final Logger LOG = LoggerFactory.getLogger(EndpointComponent.class);

    private final EndpointTable table;
    private final String pid;

    /** Hands the configuration of a new file to the table. */
    @Activate
    public EndpointComponent(@Reference EndpointTable table, EndpointConfig config, Map<String, Object> properties) {
        this.table = table;
        this.pid = EndpointFile.pid(properties);
        modified(config, properties);
    }

    /** Hands a changed configuration to the table. */
    @Modified
    public void modified(EndpointConfig config, Map<String, Object> properties) {
        if (EndpointFile.isGone(properties)) {
            LOG.info(
                    "file was deleted while Karaf was stopped, its endpoint stays closed: file={}",
                    EndpointFile.of(properties).name());
            table.remove(pid);
            return;
        }
        List<String> unknown = EndpointFile.unknownKeys(properties);
        if (!unknown.isEmpty()) {
            LOG.warn(
                    "unknown keys, misspelt? file={}, keys={}",
                    EndpointFile.of(properties).name(),
                    unknown);
        }
        try {
            table.configure(pid, EndpointSettings.of(config, properties));
        } catch (ConfigurationRejected refused) {
            table.refuse(pid, EndpointFile.of(properties).name(), refused);
        }
    }

    /** Takes the configuration of a deleted file from the table. */
    @Deactivate
    public void deleted() {
        table.remove(pid);
    }
}
