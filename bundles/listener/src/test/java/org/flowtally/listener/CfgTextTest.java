// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.Properties;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class CfgTextTest {
    private static final String TEXT = """
            # Who may send.
            # allowed.subnets = 1.2.3.4
            allowed.subnets = 10.0.0.0/8, \\
                192.0.2.0/24

            ! Another comment \\
            port: 2055
              realm=north
            empty =
            """;

    @Test
    void readsWhatTheContainerWould() {
        CfgText text = CfgText.of(TEXT);

        assertThat(text.values())
                .containsEntry("allowed.subnets", "10.0.0.0/8, 192.0.2.0/24")
                .containsEntry("port", "2055")
                .containsEntry("realm", "north")
                .containsEntry("empty", "")
                .hasSize(4);
        assertThat(text).hasToString(TEXT);
    }

    @Test
    void changesOneValueAndNothingElse() {
        CfgText changed = CfgText.of(TEXT).with("allowed.subnets", "10.0.0.0/8");

        assertThat(changed).hasToString(TEXT.replace("10.0.0.0/8, \\\n    192.0.2.0/24", "10.0.0.0/8"));
        assertThat(changed.with("port", "2056").toString()).contains("\nport = 2056\n");
    }

    @Test
    void addsAKeyAtTheEndOnALineOfItsOwn() {
        assertThat(CfgText.of("port = 1").with("realm", "x")).hasToString("port = 1\nrealm = x\n");
        assertThat(CfgText.of("").with("realm", "")).hasToString("realm =\n");
        assertThat(CfgText.of("port = 1\r\n").with("realm", "x")).hasToString("port = 1\r\nrealm = x\r\n");
    }

    @Test
    void keepsALastLineThatGoesOnNowhere() {
        assertThat(CfgText.of("port = 1\nrealm = x\\").with("port", "2")).hasToString("port = 2\nrealm = x\\");
    }

    @Test
    void changesTheLastOfTwoBecauseThatOneCounts() {
        assertThat(CfgText.of("port = 1\nport = 2\n").with("port", "3")).hasToString("port = 1\nport = 3\n");
    }

    @Property
    void givesBackWhatWasSet(@ForAll @StringLength(max = 40) String value) throws IOException {
        String stripped = value.strip();

        CfgText text = CfgText.of(TEXT).with("realm", stripped);

        Properties read = new Properties();
        read.load(new StringReader(text.toString()));
        assertThat(read.getProperty("realm")).isEqualTo(stripped);
        assertThat(text.value("realm")).contains(stripped);
        assertThat(text.value("port")).contains("2055");
    }

    @Property
    void staysAsItIsWhateverItIs(@ForAll @StringLength(max = 200) String anything) {
        assertThat(CfgText.of(anything)).hasToString(anything);
    }
}
