// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import org.flowtally.api.config.ConfigurationRejected;
import org.flowtally.lib.report.CfgFile;
import org.flowtally.lib.report.FileStamp;
import org.flowtally.lib.report.PrefixFile;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One traffic class: it comes with its cfg file, changes with it and goes with it. */
@Component(
        configurationPid = ClassSettings.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        service = {},
        immediate = true)
@Designate(ocd = ClassConfig.class, factory = true)
public final class ClassComponent {
    private static final Logger LOG = LoggerFactory.getLogger(ClassComponent.class);

    private static final long LOOK_MILLIS = 2_000;

    private final PolicyFiles files;
    private final String pid;
    private @Nullable ScheduledFuture<?> watch;
    private FileStamp seen = FileStamp.ABSENT;

    /** Hands the class of a new file on. */
    @Activate
    public ClassComponent(@Reference PolicyFiles files, ClassConfig config, Map<String, Object> properties) {
        this.files = files;
        this.pid = CfgFile.pid(ClassSettings.PID, properties);
        modified(config, properties);
    }

    /** Hands a changed class on. */
    @Modified
    public synchronized void modified(ClassConfig config, Map<String, Object> properties) {
        stopWatching();
        CfgFile file = CfgFile.of(ClassSettings.PID, properties);
        if (CfgFile.isGone(properties)) {
            LOG.info("file was deleted while Karaf was stopped, its class is gone: file={}", file.name());
            files.remove(pid);
            return;
        }
        Optional<PrefixFile> list = ClassSettings.list(config, properties);
        take(config, properties, list);
        if (list.isPresent()) {
            watch = files.every(LOOK_MILLIS, () -> look(config, properties, list));
        }
    }

    private synchronized void look(ClassConfig config, Map<String, Object> properties, Optional<PrefixFile> list) {
        if (!stamp(list).equals(seen)) {
            take(config, properties, list);
        }
    }

    private static FileStamp stamp(Optional<PrefixFile> list) {
        return list.map(file -> FileStamp.of(file.path())).orElse(FileStamp.ABSENT);
    }

    private synchronized void take(ClassConfig config, Map<String, Object> properties, Optional<PrefixFile> list) {
        CfgFile file = CfgFile.of(ClassSettings.PID, properties);
        seen = stamp(list);
        try {
            TrafficClass read = ClassSettings.read(config, properties, list);
            files.putOrWait(
                    pid,
                    read,
                    new ConfigurationRejected(file.name(), "name", read.name(), "a name that no other class has"));
        } catch (ConfigurationRejected refused) {
            files.refuse(pid, refused);
        }
    }

    /** Takes the class of a deleted file away. */
    @Deactivate
    public synchronized void deleted() {
        stopWatching();
        files.remove(pid);
    }

    private void stopWatching() {
        ScheduledFuture<?> watching = watch;
        if (watching != null) {
            watching.cancel(false);
            watch = null;
        }
    }
}
