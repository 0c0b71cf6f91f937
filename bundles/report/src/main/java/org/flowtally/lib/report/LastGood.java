// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.report;

import java.util.function.Supplier;
import org.flowtally.api.config.ConfigurationRejected;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The last good configuration of a component: what it goes on with when the next one is refused.
 *
 * <p>The component is re-created at each change of its configuration and keeps this beside it, in a static field. Were it
 * told by a {@code @Modified} method instead, a component that did not start for want of a good configuration would not be
 * tried again when the file is mended.
 *
 * <pre>{@code
 * private static final LastGood<PolicySettings> LAST_GOOD = new LastGood<>(LOG);
 *
 * @Activate
 * SenderAdmission(PolicyConfig config, Map<String, Object> given) {
 *     settings = LAST_GOOD.or(() -> PolicySettings.of(config, given));
 * }
 * }</pre>
 *
 * @param <T> the checked configuration
 */
public final class LastGood<T> {
    private final Logger log;
    private volatile @Nullable T value;

    /** Begins without any. */
    public LastGood(Logger log) {
        this.log = log;
    }

    /**
     * Returns what is given if it is good, else the last that was, and says so.
     *
     * @throws ConfigurationRejected if what is given is refused and there was no good one before
     */
    public T or(Supplier<T> given) {
        T before = value;
        try {
            T accepted = given.get();
            value = accepted;
            return accepted;
        } catch (ConfigurationRejected refused) {
            if (before == null) {
                log.error("{}, not started until it is mended", refused.getMessage());
                throw refused;
            }
            Refusals.note(refused, log);
            return before;
        }
    }
}
