// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.contract.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.flowtally.itests.contract.capture.PcapFile;

/**
 * A capture file of the corpus.
 *
 * @param folder the folder of the corpus
 * @param path the file's path in it
 * @param versions the export versions in it, as the index has them
 * @param strict whether a right collector must come to the expected numbers
 */
public record CorpusFile(Path folder, String path, List<String> versions, boolean strict) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Returns the export packets of the file, in order. */
    public List<byte[]> payloads() {
        try {
            byte[] file = Files.readAllBytes(folder.resolve(path));
            if (path.endsWith(".pcap") && !expected().get("packets").path(0).has("offset")) {
                return PcapFile.datagrams(file).stream()
                        .map(datagram -> datagram.payload())
                        .toList();
            }
            List<byte[]> payloads = new ArrayList<>();
            for (JsonNode packet : expected().get("packets")) {
                int offset = packet.get("offset").asInt();
                payloads.add(Arrays.copyOfRange(
                        file, offset, offset + packet.get("payload_bytes").asInt()));
            }
            return payloads;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Returns what is expected of the whole file: the keys are told by the corpus. */
    public JsonNode expected() {
        try {
            return JSON.readTree(
                    folder.resolve("expected").resolve(path + ".json").toFile());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Returns the records expected of one packet, counted from 1. */
    public List<JsonNode> expectedRecords(int packet) {
        List<JsonNode> records = new ArrayList<>();
        for (Iterator<JsonNode> all = expected().get("records").elements(); all.hasNext(); ) {
            JsonNode record = all.next();
            if (record.get("packet").asInt() == packet) {
                records.add(record);
            }
        }
        return records;
    }

    @Override
    public String toString() {
        return path;
    }
}
