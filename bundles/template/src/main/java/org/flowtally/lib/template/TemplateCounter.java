// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

/** What is counted of templates, options and data that waits, over all exporters. */
public enum TemplateCounter {
    /** Templates that were new, or changed. */
    LEARNED,
    /** Templates taken back by their exporter. */
    WITHDRAWN,
    /** Templates that were not sent again within their lifetime, and such of old connections that made room. */
    EXPIRED,
    /** Template records that were cut off or made no sense; what followed them in their set was left. */
    BROKEN,
    /** Templates over one of the limits, and such as describe records without octets. */
    REFUSED,
    /** Options records read. */
    OPTIONS,
    /** Data sets that began to wait for their template. */
    HELD,
    /** Data sets whose template came. */
    RELEASED,
    /** Data sets that found no room to wait. */
    NO_ROOM,
    /** Data sets whose template did not come in time, or did not fit them. */
    GIVEN_UP,
    /** Lists in records that were cut off or contradicted themselves; what they hold from there on was left. */
    LISTS_BROKEN,
    /** Lists whose template is not known, or that lie too deep in others: flows in them are not found. */
    LISTS_UNREAD,
    /** Templates taken from disk. */
    RESTORED,
    /** Templates from disk that do not fit their records, and exporters whose templates on disk are of an earlier run. */
    OUTDATED
}
