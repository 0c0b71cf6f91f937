// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.page;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Numbers for the texts of a page, each written once however often it is used. */
final class TextIndex {
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> texts = new ArrayList<>();

    int number(String text) {
        Integer known = numbers.get(text);
        if (known != null) {
            return known;
        }
        numbers.put(text, texts.size());
        texts.add(text);
        return texts.size() - 1;
    }

    int size() {
        return texts.size();
    }

    void write(OctetWriter octets) {
        octets.putNumber(texts.size());
        texts.forEach(octets::putText);
    }
}
