// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The templates of one exporter by id. A look-up allocates nothing. One writer. */
final class TemplateTable {
    private static final int FIRST_SLOTS = 8;

    private Template[] slots = vacant(FIRST_SLOTS);
    private int size;

    int size() {
        return size;
    }

    /** Returns the template with an id, or {@link Template#NONE}. */
    Template find(int id) {
        for (int slot = id & (slots.length - 1); ; slot = (slot + 1) & (slots.length - 1)) {
            Template template = slots[slot];
            if (template == Template.NONE || template.id() == id) {
                return template;
            }
        }
    }

    /** Puts a template in, in place of one with its id. */
    void put(Template template) {
        if (2 * (size + 1) > slots.length) {
            List<Template> all = all();
            slots = vacant(2 * slots.length);
            all.forEach(this::place);
        }
        if (place(template)) {
            size++;
        }
    }

    private boolean place(Template template) {
        int slot = template.id() & (slots.length - 1);
        while (true) {
            Template there = slots[slot];
            if (there == Template.NONE || there.id() == template.id()) {
                slots[slot] = template;
                return there == Template.NONE;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
    }

    /** Takes a template out. */
    void remove(Template gone) {
        List<Template> all = all();
        if (all.remove(gone)) {
            slots = vacant(slots.length);
            all.forEach(this::place);
            size = all.size();
        }
    }

    /** Returns every template. */
    List<Template> all() {
        List<Template> all = new ArrayList<>(size);
        for (Template each : slots) {
            if (each != Template.NONE) {
                all.add(each);
            }
        }
        return all;
    }

    private static Template[] vacant(int slotCount) {
        Template[] made = new Template[slotCount];
        Arrays.fill(made, Template.NONE);
        return made;
    }
}
