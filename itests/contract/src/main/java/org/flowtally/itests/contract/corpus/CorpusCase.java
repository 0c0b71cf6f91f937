// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.contract.corpus;

import java.util.List;

/**
 * One conversation of the corpus: its files are fed in order to one collector that knows no template before.
 *
 * @param name its name
 * @param vendor who made the exporter, as the index has it
 * @param files its files, in feeding order
 */
public record CorpusCase(String name, String vendor, List<CorpusFile> files) {
    /** Returns whether a right collector must come to the expected numbers of every file. */
    public boolean strict() {
        return files.stream().allMatch(CorpusFile::strict);
    }

    @Override
    public String toString() {
        return name;
    }
}
