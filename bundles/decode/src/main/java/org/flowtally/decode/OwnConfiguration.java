// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decode;

import java.io.IOException;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.function.UnaryOperator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** The configuration of this bundle as something to be changed: the container writes it back into the cfg file. */
interface OwnConfiguration {
    /** Cannot be written. */
    OwnConfiguration NONE = (key, change) -> {
        throw new IllegalStateException("not written, there is no configuration: key=" + key);
    };

    /**
     * Changes the value of a key.
     *
     * @param change takes the value as it is, empty if there is none
     * @return the new value
     * @throws IllegalStateException if it cannot be written
     */
    String change(String key, UnaryOperator<String> change);

    /** Returns the configuration that the container keeps. */
    static OwnConfiguration of(BundleContext context) {
        return (key, change) -> {
            ServiceReference<ConfigurationAdmin> reference = context.getServiceReference(ConfigurationAdmin.class);
            ConfigurationAdmin admin = reference == null ? null : context.getService(reference);
            if (admin == null) {
                throw new IllegalStateException("not written, the configuration admin is away: key=" + key);
            }
            try {
                return change(admin.getConfiguration(DecodeSettings.PID, "?"), key, change);
            } catch (IOException broken) {
                throw new IllegalStateException("not written: key=" + key, broken);
            } finally {
                context.ungetService(reference);
            }
        };
    }

    @SuppressWarnings("JdkObsolete") // What the configuration admin takes.
    private static String change(Configuration configuration, String key, UnaryOperator<String> change)
            throws IOException {
        Dictionary<String, Object> kept = configuration.getProperties();
        Dictionary<String, Object> values = kept == null ? new Hashtable<>() : kept;
        Object was = values.get(key);
        String value = change.apply(was == null ? "" : was.toString());
        values.put(key, value);
        configuration.update(values);
        return value;
    }
}
