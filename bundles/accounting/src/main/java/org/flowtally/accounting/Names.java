// SPDX-License-Identifier: Apache-2.0
package org.flowtally.accounting;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Dense numbers for names; append-only. The working thread numbers them, any thread reads them. */
final class Names {
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> names = new CopyOnWriteArrayList<>();

    int number(String name) {
        Integer known = numbers.get(name);
        return known != null ? known : append(name);
    }

    String name(int number) {
        return names.get(number);
    }

    boolean contains(String name) {
        return numbers.containsKey(name);
    }

    int size() {
        return names.size();
    }

    private int append(String name) {
        int number = names.size();
        names.add(name);
        numbers.put(name, number);
        return number;
    }
}
