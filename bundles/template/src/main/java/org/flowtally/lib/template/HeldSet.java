// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

/** A data set that waits for its template, or is on its way into a flow batch since it came. */
final class HeldSet {
    /** Stands where none is. */
    static final HeldSet NONE = new HeldSet(0, 0, new byte[0], 0, 0, 0);

    private final int templateId;
    private final int port;
    private final byte[] records;
    private final long receivedAtMillis;
    private final long exportMillis;
    private final long uptimeMillis;
    private int position;
    private int rowsOfRecord;
    private Template template = Template.NONE;

    HeldSet(int templateId, int port, byte[] records, long receivedAtMillis, long exportMillis, long uptimeMillis) {
        this.templateId = templateId;
        this.port = port;
        this.records = records;
        this.receivedAtMillis = receivedAtMillis;
        this.exportMillis = exportMillis;
        this.uptimeMillis = uptimeMillis;
    }

    int templateId() {
        return templateId;
    }

    /** Returns the source port it came from. */
    int port() {
        return port;
    }

    byte[] records() {
        return records;
    }

    long receivedAtMillis() {
        return receivedAtMillis;
    }

    long exportMillis() {
        return exportMillis;
    }

    long uptimeMillis() {
        return uptimeMillis;
    }

    /** Returns the template that came, or {@link Template#NONE}. */
    Template template() {
        return template;
    }

    void release(Template by) {
        template = by;
    }

    /** Returns where the next record begins. */
    int position() {
        return position;
    }

    /** Returns how many rows of the next record are in a batch already. */
    int rowsOfRecord() {
        return rowsOfRecord;
    }

    void resumeAt(int record, int rows) {
        position = record;
        rowsOfRecord = rows;
    }
}
