// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.policy;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** What the files of traffic classes and single exporters say. Safe to call from any thread. */
@ProviderType
public interface PolicyDirectory {
    /** Returns every traffic class, by name. */
    List<ClassStatus> classes();

    /** Returns what counts of single exporters, by file. */
    List<CountingStatus> exporters();

    /** Returns what of these files was refused, what is wrong with it, and what holds instead; what was in force before stays. */
    List<String> refused();
}
