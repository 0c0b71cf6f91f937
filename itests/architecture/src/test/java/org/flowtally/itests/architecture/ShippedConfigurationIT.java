// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Cfg files, metatype and READMEs say the same: none of the three can drift from the others. */
class ShippedConfigurationIT {
    private static final Path ROOT = Path.of(System.getProperty("root.folder"));
    private static final Path ETC = ROOT.resolve("features/src/main/resources/etc");

    private static final Set<String> COUNTING =
            Set.of("counting.rule", "counting.interfaces", "metering.version", "match.address");

    /** It belongs to Karaf's shell. */
    private static final String ROLES_OF_COMMANDS = "org.apache.karaf.command.acl.flowtally.cfg";

    @TestFactory
    Stream<DynamicTest> everyKeyStandsInTheShippedFileWithItsDefault() throws IOException {
        return definitions().stream()
                .map(definition -> DynamicTest.dynamicTest(definition.id(), () -> {
                    Map<String, String> shipped = new TreeMap<>();
                    cfg(definition).forEach((key, value) -> shipped.put(key, value.text()));

                    Map<String, String> defaults = new TreeMap<>();
                    definition
                            .attributes()
                            .forEach((key, attribute) -> defaults.put(key, list(attribute.defaultValue())));

                    assertThat(shipped).isEqualTo(defaults);
                }));
    }

    @TestFactory
    Stream<DynamicTest> everyKeyIsExplainedWithItsDefaultAndBounds() throws IOException {
        return definitions().stream()
                .map(definition -> DynamicTest.dynamicTest(definition.id(), () -> {
                    Map<String, Entry> shipped = cfg(definition);

                    definition.attributes().forEach((key, attribute) -> {
                        assertThat(attribute.description())
                                .as("description of %s in the metatype", key)
                                .isNotBlank();
                        assertThat(shipped.get(key).comment())
                                .as("comment above %s in the cfg", key)
                                .contains("efault")
                                .contains(attribute.min())
                                .contains(attribute.max());
                    });
                }));
    }

    @TestFactory
    Stream<DynamicTest> everyKeyStandsInTheReadmeWithItsDefault() throws IOException {
        return definitions().stream()
                .map(definition -> DynamicTest.dynamicTest(definition.id(), () -> {
                    Map<String, String> documented = table(
                            ROOT.resolve("bundles").resolve(definition.bundle()).resolve("README.md"));

                    definition
                            .attributes()
                            .forEach((key, attribute) ->
                                    assertThat(documented).contains(entry(key, list(attribute.defaultValue()))));
                }));
    }

    /** Annotations cannot share attributes: the same key stands in both, and means the same. */
    @Test
    void whatAnEndpointAndAnExporterBothSayMeansTheSame() throws IOException {
        Map<String, Metatype.Attribute> endpoint = attributes("org.flowtally.endpoint");
        Map<String, Metatype.Attribute> exporter = new TreeMap<>(attributes("org.flowtally.exporter"));
        exporter.keySet().retainAll(COUNTING);

        assertThat(exporter.keySet()).isEqualTo(COUNTING);
        assertThat(endpoint).containsAllEntriesOf(exporter);
    }

    private static Map<String, Metatype.Attribute> attributes(String id) throws IOException {
        return definitions().stream()
                .filter(definition -> definition.id().equals(id))
                .findFirst()
                .orElseThrow()
                .attributes();
    }

    @Test
    void everyShippedFileBelongsToAComponentAndIsDeliveredByAFeature() throws IOException {
        List<Metatype> definitions = definitions();
        String features = Files.readString(ROOT.resolve("features/src/main/feature/feature.xml"));
        String pom = Files.readString(ROOT.resolve("features/pom.xml"));

        try (Stream<Path> files = Files.list(ETC)) {
            assertThat(files.map(file -> file.getFileName().toString())).allSatisfy(name -> {
                assertThat(name)
                        .as("owner of %s", name)
                        .satisfiesAnyOf(
                                file -> assertThat(definitions)
                                        .anyMatch(definition ->
                                                fileName(definition).equals(file)),
                                file -> assertThat(file).isEqualTo(ROLES_OF_COMMANDS));
                assertThat(features).contains("finalname=\"${karaf.etc}/" + name + '"');
                assertThat(pom).contains("src/main/resources/etc/" + name + '<');
            });
        }
    }

    private static List<Metatype> definitions() throws IOException {
        List<Metatype> found = new ArrayList<>();
        try (Stream<Path> bundles = Files.list(ROOT.resolve("bundles"))) {
            for (Path bundle : bundles.filter(folder -> Files.exists(folder.resolve("pom.xml")))
                    .sorted()
                    .toList()) {
                String name = bundle.getFileName().toString();
                try (Stream<Path> jars = Files.list(bundle.resolve("target"))) {
                    jars.filter(jar -> jar.getFileName()
                                    .toString()
                                    .matches("flowtally-.*SNAPSHOT\\.jar|flowtally-.*\\d\\.jar"))
                            .forEach(jar -> found.addAll(Metatype.read(name, jar)));
                }
            }
        }
        assertThat(found).as("metatype in bundles/*/target").isNotEmpty();
        return found;
    }

    /** The endpoint that is shipped is called default; of other factories an example is shipped that does nothing. */
    private static String fileName(Metatype definition) {
        if (!definition.isFactory()) {
            return definition.id() + ".cfg";
        }
        String shipped = definition.id() + "-default.cfg";
        return Files.exists(ETC.resolve(shipped)) ? shipped : definition.id() + "-example.cfg";
    }

    /**
     * A key of a cfg file.
     *
     * @param text the value
     * @param comment the lines of comment right above
     */
    private record Entry(String text, String comment) {}

    private static Map<String, Entry> cfg(Metatype definition) throws IOException {
        Map<String, Entry> entries = new LinkedHashMap<>();
        StringBuilder comment = new StringBuilder();
        String continued = "";
        for (String line : Files.readAllLines(ETC.resolve(fileName(definition)))) {
            String text = continued + line.strip();
            continued = "";
            if (text.isEmpty()) {
                comment.setLength(0);
            } else if (text.startsWith("#")) {
                comment.append(text.substring(1)).append('\n');
            } else if (text.endsWith("\\")) {
                continued = text.substring(0, text.length() - 1);
            } else {
                String[] keyAndValue = text.split("=", 2);
                entries.put(keyAndValue[0].strip(), new Entry(list(keyAndValue[1]), comment.toString()));
                comment.setLength(0);
            }
        }
        return entries;
    }

    private static final Pattern ROW = Pattern.compile("\\| *`([^`]+)` *\\|([^|]*)\\|.*");

    private static Map<String, String> table(Path readme) throws IOException {
        Map<String, String> rows = new LinkedHashMap<>();
        for (String line : Files.readAllLines(readme)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                rows.put(row.group(1), list(row.group(2).replace("`", "").replaceFirst("^ *(empty|none) *$", "")));
            }
        }
        return rows;
    }

    /** A list is the same however it is spaced; metatype escapes commas and blanks inside one value. */
    private static String list(String value) {
        return Arrays.stream(value.replace("\\", "").split(","))
                .map(String::strip)
                .collect(Collectors.joining(","));
    }
}
