// SPDX-License-Identifier: Apache-2.0
package org.flowtally.clockguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares with the times that other decoders find in real captures, where the corpus lies beside the repository. */
class CorpusTimesTest {
    private static final Path EXPECTED = Path.of(System.getProperty("root.folder"), "../shared/corpus/expected");

    @Test
    void findsTheTimesThatOthersFindInNetflowV5() throws IOException {
        assumeTrue(Files.isDirectory(EXPECTED));

        int compared = 0;
        try (Stream<Path> files = Files.walk(EXPECTED)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".json")).toList()) {
                compared += compare(Files.readAllLines(file));
            }
        }

        assertThat(compared).isGreaterThan(200);
    }

    private static int compare(List<String> lines) {
        Map<Long, String> packets = new HashMap<>();
        int compared = 0;
        for (String line : lines) {
            if (number(line, "version").equals(OptionalLong.of(5))) {
                packets.put(number(line, "n").orElseThrow(), line);
            }
            OptionalLong packet = number(line, "packet");
            OptionalLong first = number(line, "first_uptime_ms");
            if (packet.isEmpty() || first.isEmpty() || !packets.containsKey(packet.getAsLong())) {
                continue;
            }
            String header = packets.get(packet.getAsLong());
            long export = number(header, "export_secs").orElseThrow() * 1000
                    + number(header, "export_nsecs").orElse(0) / 1_000_000;
            long uptime = number(header, "sys_uptime_ms").orElseThrow();
            assertThat(UptimeClock.millis(export, uptime, first.getAsLong()))
                    .as(line)
                    .isEqualTo(number(line, "start_ms").orElseThrow());
            assertThat(UptimeClock.millis(
                            export, uptime, number(line, "last_uptime_ms").orElseThrow()))
                    .as(line)
                    .isEqualTo(number(line, "end_ms").orElseThrow());
            compared++;
        }
        return compared;
    }

    private static OptionalLong number(String line, String key) {
        Matcher matcher = Pattern.compile("\"" + key + "\": (-?[0-9]+)").matcher(line);
        return matcher.find() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
    }
}
