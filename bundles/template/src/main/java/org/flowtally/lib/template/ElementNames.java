// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The names of information elements, for people. */
final class ElementNames {
    private static final int NUMBER = 0xFFFF;
    private static final Properties NAMES = read();

    private ElementNames() {}

    private static Properties read() {
        Properties names = new Properties();
        try (InputStream file = ElementNames.class.getResourceAsStream("elements.properties")) {
            names.load(file);
        } catch (IOException broken) {
            throw new UncheckedIOException("bundle is damaged: resource=elements.properties", broken);
        }
        return names;
    }

    /** Returns name and number of an element, see {@link Element}; scopes of v9 and elements of enterprises say so. */
    static String of(int element) {
        int number = element & NUMBER;
        if ((element & Element.V9_SCOPE) != 0) {
            return "scope(" + number + ")";
        }
        if ((element & Element.FOREIGN) != 0) {
            return "enterprise(" + number + ")";
        }
        String name = NAMES.getProperty(Integer.toString(number), "element");
        return ((element & Element.REVERSE) != 0 ? "reverse " : "") + name + "(" + number + ")";
    }
}
