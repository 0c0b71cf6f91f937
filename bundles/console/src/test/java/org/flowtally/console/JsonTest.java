// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.flowtally.api.usage.PageId;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void writesMapsListsAndRecords() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("a", List.of(1, true, "x"));
        object.put("b", Optional.empty());
        object.put("c", new PageId("collector-1", 7, 1));

        assertThat(Json.of(object))
                .isEqualTo("{\"a\":[1,true,\"x\"],\"b\":null,\"c\":{\"collectorId\":\"collector-1\",\"runId\":7,"
                        + "\"sequence\":1}}");
    }

    @Test
    void escapesWhatTextMayContain() {
        assertThat(Json.of("a\"b\\c\n\t\u0001é")).isEqualTo("\"a\\\"b\\\\c\\n\\t\\u0001é\"");
    }
}
