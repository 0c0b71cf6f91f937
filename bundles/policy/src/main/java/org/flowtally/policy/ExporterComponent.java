// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import java.util.Map;
import org.flowtally.api.config.ConfigurationRejected;
import org.flowtally.lib.report.CfgFile;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What counts of single exporters: it comes with its cfg file, changes with it and goes with it. */
@Component(
        configurationPid = ExporterSettings.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        service = {},
        immediate = true)
@Designate(ocd = ExporterConfig.class, factory = true)
public final class ExporterComponent {
    private static final Logger LOG = LoggerFactory.getLogger(ExporterComponent.class);

    private final PolicyFiles files;
    private final String pid;

    /** Hands on what a new file says. */
    @Activate
    public ExporterComponent(@Reference PolicyFiles files, ExporterConfig config, Map<String, Object> properties) {
        this.files = files;
        this.pid = CfgFile.pid(ExporterSettings.PID, properties);
        modified(config, properties);
    }

    /** Hands on what a changed file says. */
    @Modified
    public void modified(ExporterConfig config, Map<String, Object> properties) {
        CfgFile file = CfgFile.of(ExporterSettings.PID, properties);
        if (CfgFile.isGone(properties)) {
            LOG.info(
                    "file was deleted while Karaf was stopped, what it said of exporters is gone: file={}",
                    file.name());
            files.remove(pid);
            return;
        }
        try {
            files.put(pid, ExporterSettings.read(config, properties));
        } catch (ConfigurationRejected refused) {
            files.refuse(pid, refused);
        }
    }

    /** Takes away what a deleted file said. */
    @Deactivate
    public void deleted() {
        files.remove(pid);
    }
}
