// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.contract.corpus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The corpus: captures that public projects test their decoders with, and what is expected of each. It is under other
 * licences and no part of this project; tests that need it are skipped where it is absent.
 */
public final class Corpus {
    /** The system property that says where the corpus lies, if not in a {@code shared/corpus} beside a parent folder. */
    public static final String PROPERTY = "flowtally.corpus";

    private static final String USUAL_PLACE = "shared/corpus";
    private static final String INDEX = "INDEX.tsv";

    private final Path folder;

    private Corpus(Path folder) {
        this.folder = folder;
    }

    /** Returns whether there is a corpus: a condition for tests. */
    public static boolean isPresent() {
        return find().isPresent();
    }

    /** Returns the corpus, looking upward from the working directory. */
    public static Optional<Corpus> find() {
        Stream<Path> places = Stream.iterate(
                        Path.of("").toAbsolutePath(), (@Nullable Path each) -> each != null, Path::getParent)
                .map(each -> each.resolve(USUAL_PLACE));
        String given = System.getProperty(PROPERTY);
        return Stream.concat(given == null ? Stream.empty() : Stream.of(Path.of(given)), places)
                .filter(each -> Files.isReadable(each.resolve(INDEX)))
                .findFirst()
                .map(Corpus::new);
    }

    /** Returns the files that hold packets of an export version. */
    public List<CorpusFile> files(int version) {
        return cases(version).stream().flatMap(each -> each.files().stream()).toList();
    }

    /** Returns the conversations that hold packets of an export version, in the order of the index. */
    public List<CorpusCase> cases(int version) {
        try (Stream<String> lines = Files.lines(folder.resolve(INDEX))) {
            List<String[]> rows = lines.map(line -> line.split("\t", -1)).toList();
            List<String> columns = Arrays.asList(rows.get(0));
            Map<String, CorpusCase> cases = new LinkedHashMap<>();
            rows.stream()
                    .skip(1)
                    .filter(row -> Arrays.asList(row[columns.indexOf("versions")].split(","))
                            .contains(Integer.toString(version)))
                    .sorted(Comparator.comparing(row -> row[columns.indexOf("path")]))
                    .forEach(row -> cases.computeIfAbsent(
                                    row[columns.indexOf("case")],
                                    name -> new CorpusCase(name, row[columns.indexOf("vendor")], new ArrayList<>()))
                            .files()
                            .add(file(row, columns)));
            return List.copyOf(cases.values());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private CorpusFile file(String[] row, List<String> columns) {
        return new CorpusFile(
                folder,
                row[columns.indexOf("path")],
                Arrays.asList(row[columns.indexOf("versions")].split(",")),
                row[columns.indexOf("strict")].equals("yes"));
    }
}
