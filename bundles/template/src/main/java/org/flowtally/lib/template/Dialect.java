// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

/**
 * What differs between the two versions that have templates. Everything behind a message header is a row of sets:
 *
 * <pre>
 * +---------------+---------------+---------------+---------------+
 * |            set id             |  length, these 4 octets too   |
 * +---------------+---------------+---------------+---------------+
 * |  template records, options template records, or data records  |
 * +---------------+---------------+---------------+---------------+
 * </pre>
 */
public enum Dialect {
    /** NetFlow v9, RFC 3954. */
    V9(9, 0, 1),
    /** IPFIX, RFC 7011. */
    IPFIX(10, 2, 3);

    private final int version;
    private final int templateSet;
    private final int optionsTemplateSet;

    Dialect(int version, int templateSet, int optionsTemplateSet) {
        this.version = version;
        this.templateSet = templateSet;
        this.optionsTemplateSet = optionsTemplateSet;
    }

    /** Returns the version number in the first two octets of a message. */
    public int version() {
        return version;
    }

    /** Returns the id of sets that hold templates. */
    int templateSet() {
        return templateSet;
    }

    /** Returns the id of sets that hold options templates. */
    int optionsTemplateSet() {
        return optionsTemplateSet;
    }
}
