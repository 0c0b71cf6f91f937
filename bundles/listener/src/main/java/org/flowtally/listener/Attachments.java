// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import io.netty.handler.ssl.SslContext;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.flowtally.api.config.ConfigurationRejected;
import org.flowtally.lib.lookup.Prefix;
import org.flowtally.lib.report.FileStamp;
import org.flowtally.lib.report.PrefixFile;

/**
 * What lies in the files that a configuration names: lists of prefixes, and what secures connections.
 *
 * @param allowed the prefixes of {@code allowed.subnets.file}
 * @param whitelist the prefixes of {@code whitelist.subnets.file}
 * @param security what connections are secured by; empty if they are not
 * @param stamps the files as they were before they were read
 */
record Attachments(
        List<Prefix> allowed, List<Prefix> whitelist, Optional<SslContext> security, Map<Path, FileStamp> stamps) {
    /** What a configuration without files has. */
    static final Attachments NONE = new Attachments(List.of(), List.of(), Optional.empty(), Map.of());

    /**
     * Reads the files of a configuration.
     *
     * @param before what was read last time; a list whose file has not changed since is the same list again
     * @throws ConfigurationRejected if one of them is wrong
     */
    static Attachments of(EndpointSettings settings, Attachments before) {
        Map<Path, FileStamp> stamps = stamps(settings);
        return new Attachments(
                list(settings.allowedFile(), stamps, before, before.allowed()),
                list(settings.whitelistFile(), stamps, before, before.whitelist()),
                settings.isSecured() ? Optional.of(settings.connections().tls().context()) : Optional.empty(),
                stamps);
    }

    private static List<Prefix> list(
            Optional<PrefixFile> file, Map<Path, FileStamp> stamps, Attachments before, List<Prefix> listBefore) {
        if (file.isEmpty()) {
            return List.of();
        }
        Path path = file.get().path();
        boolean isKnown = stamps.getOrDefault(path, FileStamp.ABSENT)
                .equals(before.stamps().get(path));
        return isKnown && !listBefore.isEmpty() ? listBefore : file.get().read();
    }

    /** Returns the stamps that the files of a configuration have now. */
    static Map<Path, FileStamp> stamps(EndpointSettings settings) {
        Map<Path, FileStamp> stamps = new HashMap<>();
        for (Path path : settings.files()) {
            stamps.put(path, FileStamp.of(path));
        }
        return stamps;
    }
}
