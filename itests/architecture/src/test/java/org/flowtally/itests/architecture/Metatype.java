// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.architecture;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * One object class definition as a built bundle carries it.
 *
 * @param bundle the folder of the bundle
 * @param id the PID or factory PID
 * @param isFactory whether each cfg file makes one component
 * @param attributes the attributes by key
 */
record Metatype(String bundle, String id, boolean isFactory, Map<String, Attribute> attributes) {
    /**
     * One attribute.
     *
     * @param defaultValue the default as text, several values separated by commas
     * @param description the description, empty if there is none
     * @param min the lower bound, empty if there is none
     * @param max the upper bound, empty if there is none
     */
    record Attribute(String defaultValue, String description, String min, String max) {}

    /** Reads every definition of a bundle. */
    static List<Metatype> read(String bundle, Path jar) {
        List<Metatype> found = new ArrayList<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            List<String> names = file.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.startsWith("OSGI-INF/metatype/") && name.endsWith(".xml"))
                    .toList();
            for (String name : names) {
                try (InputStream in = file.getInputStream(file.getEntry(name))) {
                    found.add(parse(
                            bundle,
                            DocumentBuilderFactory.newInstance()
                                    .newDocumentBuilder()
                                    .parse(in)));
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (ParserConfigurationException | SAXException failure) {
            throw new IllegalStateException("metatype not read: jar=" + jar, failure);
        }
        return found;
    }

    private static Metatype parse(String bundle, Document document) {
        Element designate = (Element) document.getElementsByTagName("Designate").item(0);
        boolean isFactory = designate != null && designate.hasAttribute("factoryPid");
        Element definition = (Element) document.getElementsByTagName("OCD").item(0);
        String id = designate == null
                ? definition.getAttribute("id")
                : designate.getAttribute(isFactory ? "factoryPid" : "pid");

        Map<String, Attribute> attributes = new LinkedHashMap<>();
        NodeList elements = definition.getElementsByTagName("AD");
        for (int i = 0; i < elements.getLength(); i++) {
            Element element = (Element) elements.item(i);
            attributes.put(
                    element.getAttribute("id"),
                    new Attribute(
                            element.getAttribute("default"),
                            element.getAttribute("description"),
                            element.getAttribute("min"),
                            element.getAttribute("max")));
        }
        return new Metatype(bundle, id, isFactory, attributes);
    }
}
