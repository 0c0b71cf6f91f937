// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

/** How the records of one template are read: a program for each direction, and where totals and sampling stand. */
final class RecordPlan {
    private static final int V9_SCOPE_INTERFACE = 2;

    private final Template template;
    private final int[] offsets;
    private final Program forward;
    private final Program reverse;
    private final int reverseOctets;
    private final int reversePackets;
    private final SamplingFields sampling;
    private final TotalFields totals;
    private final TotalFields reverseTotals;
    private final int boot;
    private final boolean hasLists;
    private final int interfaceIndex;
    private final int interfaceName;
    private final int interfaceDescription;

    private RecordPlan(Template template) {
        this.template = template;
        offsets = new int[template.fields()];
        int offset = 0;
        for (int field = 0; field < offsets.length; field++) {
            offsets[field] = offset;
            offset += template.length(field);
        }
        reverseOctets = firstOf(ProgramCompiler.reverseOctets(template));
        reversePackets = firstOf(ProgramCompiler.reversePackets(template));
        boolean isBiflow = !template.isOptions() && (reverseOctets >= 0 || reversePackets >= 0);
        forward = template.isOptions() ? Program.NONE : ProgramCompiler.forward(template);
        reverse = isBiflow ? ProgramCompiler.reverse(template) : Program.NONE;
        sampling = new SamplingFields(this, template);
        totals = ProgramCompiler.isInstead(template) ? TotalFields.NONE : new TotalFields(template, 0);
        reverseTotals =
                ProgramCompiler.isInstead(template) ? TotalFields.NONE : new TotalFields(template, Element.REVERSE);
        boot = template.find(Element.BOOT_MILLIS);
        interfaceIndex =
                firstOf(Element.V9_SCOPE | V9_SCOPE_INTERFACE, Element.INGRESS_INTERFACE, Element.EGRESS_INTERFACE);
        interfaceName = template.find(Element.INTERFACE_NAME);
        interfaceDescription = template.find(Element.INTERFACE_DESCRIPTION);
        hasLists = firstOf(Element.BASIC_LIST, Element.SUB_TEMPLATE_LIST, Element.SUB_TEMPLATE_MULTI_LIST) >= 0;
    }

    static RecordPlan compile(Template template) {
        return new RecordPlan(template);
    }

    private int firstOf(int... elementsInOrder) {
        for (int element : elementsInOrder) {
            int field = template.find(element);
            if (field >= 0) {
                return field;
            }
        }
        return -1;
    }

    Program forward() {
        return forward;
    }

    Program reverse() {
        return reverse;
    }

    /** Returns whether a record may become two rows. */
    boolean isBiflow() {
        return reverse != Program.NONE;
    }

    /** Returns whether anything was counted in the opposite direction: without a packet there was no such flow. */
    boolean hasReverse(byte[] octets, int recordAt, Scratch scratch) {
        return (reverseOctets >= 0 && read(octets, recordAt, scratch, reverseOctets) != 0)
                || (reversePackets >= 0 && read(octets, recordAt, scratch, reversePackets) != 0);
    }

    /** Returns whether records have lists in which further flows may stand. */
    boolean hasLists() {
        return hasLists;
    }

    SamplingFields sampling() {
        return sampling;
    }

    TotalFields totals(boolean ofReverse) {
        return ofReverse ? reverseTotals : totals;
    }

    /** Returns the field that says when the exporter booted, or -1. */
    int boot() {
        return boot;
    }

    /** Returns whether records tell names of interfaces. */
    boolean namesInterfaces() {
        return interfaceIndex >= 0 && (interfaceName >= 0 || interfaceDescription >= 0);
    }

    /** Remembers what a record tells of an interface. */
    void nameInterface(byte[] octets, int recordAt, Scratch scratch, TemplateMemory memory) {
        memory.nameInterface(
                read(octets, recordAt, scratch, interfaceIndex),
                octets,
                start(recordAt, scratch, interfaceName),
                interfaceName < 0 ? 0 : width(scratch, interfaceName),
                start(recordAt, scratch, interfaceDescription),
                interfaceDescription < 0 ? 0 : width(scratch, interfaceDescription));
    }

    private int start(int recordAt, Scratch scratch, int field) {
        if (field < 0) {
            return recordAt;
        }
        return template.isFixed() ? recordAt + offsets[field] : scratch.starts[field];
    }

    /** Returns a field of a record; one of variable length must have been located. */
    long read(byte[] octets, int recordAt, Scratch scratch, int field) {
        return template.isFixed()
                ? Numbers.read(octets, recordAt + offsets[field], template.length(field))
                : Numbers.read(octets, scratch.starts[field], scratch.widths[field]);
    }

    /** Returns how long a field of a record is. */
    int width(Scratch scratch, int field) {
        return template.isFixed() ? template.length(field) : scratch.widths[field];
    }
}
