// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.flowtally.api.flow.Exporter;
import org.flowtally.lib.report.EventLog;
import org.flowtally.lib.template.PortTemplates.Clash;
import org.junit.jupiter.api.Test;

class PortTemplatesTest {
    private static final Exporter EXPORTER = new Exporter("edge", "home", 0, 0xFFFF_C000_0201L, 9, 7);
    private static final long MINUTE = 60_000;
    private static final int[] ONE = {8, 12, 1};
    private static final int[] OTHER = {1, 8, 12};

    private final EventLog events = new EventLog(100, 100);
    private final TemplateSpace space = new TemplateSpace(TemplateLimits.USUAL, events);
    private final TemplateMemory memory = new TemplateMemory(space);
    private long nowMillis = 1_000_000_000_000L;

    @Test
    void recognisesTwoPortsThatTakeTurns() {
        tell(1001, 300, ONE);
        tell(1002, 300, OTHER);
        assertThat(memory.clash()).as("a restart looks the same so far").isEqualTo(Clash.NONE);

        tell(1001, 300, ONE);

        assertThat(memory.clash()).isEqualTo(new Clash(300, 1001, 1002));
    }

    @Test
    void recognisesThemBesideAThirdOneThatSaysWhatTheFirstSays() {
        for (int turn = 0; turn < 2; turn++) {
            tell(1001, 300, ONE);
            tell(1003, 300, ONE);
            tell(1002, 300, OTHER);
        }

        assertThat(memory.clash()).isNotEqualTo(Clash.NONE);
    }

    @Test
    void takesARestartWithANewPortAndLayoutForOne() {
        tell(1001, 300, ONE);
        for (int minute = 0; minute < 10; minute++) {
            tell(1002, 300, OTHER);
        }
        tell(1003, 300, ONE);
        tell(1003, 300, ONE);

        assertThat(memory.clash()).isEqualTo(Clash.NONE);
        assertThat(find(1003, 300)).isNotSameAs(Template.NONE);
    }

    @Test
    void takesOnePortThatRedefinesAgainAndAgainForOne() {
        tell(1001, 300, ONE);
        for (int turn = 0; turn < 10; turn++) {
            tell(1002, 300, OTHER);
            tell(1002, 300, ONE);
        }

        assertThat(memory.clash()).isEqualTo(Clash.NONE);
    }

    @Test
    void takesPortsThatRedefineTogetherForOne() {
        for (int turn = 0; turn < 5; turn++) {
            tell(1001, 300, ONE);
            tell(1002, 300, ONE);
            tell(1001, 300, OTHER);
            tell(1002, 300, OTHER);
        }

        assertThat(memory.clash()).isEqualTo(Clash.NONE);
    }

    @Test
    void takesAPortThatComesBackAfterLongForOne() {
        tell(1001, 300, ONE);
        tell(1002, 300, OTHER);
        nowMillis += PortTemplates.ALIVE_MILLIS;
        tell(1001, 300, ONE);

        assertThat(memory.clash()).isEqualTo(Clash.NONE);
    }

    @Test
    void givesEachPortItsOwnTemplateWhileItLasts() {
        clash();

        assertThat(find(1001, 300).element(0)).isEqualTo(8);
        assertThat(find(1002, 300).element(0)).isEqualTo(1);
        assertThat(find(1003, 300)).as("of a port that told none").isSameAs(Template.NONE);
    }

    @Test
    void letsDataWaitForATemplateOfItsOwnPort() {
        clash();
        hear(1003);
        memory.hold(300, new byte[12], 0, 12, nowMillis, 0, 0);

        tell(1002, 300, 1, 8, 12, 7);
        assertThat(memory.nextReady()).isSameAs(HeldSet.NONE);

        tell(1003, 300, OTHER);
        assertThat(memory.nextReady().template().element(0)).isEqualTo(1);
    }

    @Test
    void takesAWithdrawalForThePortItComesFrom() {
        clash();
        hear(1001);
        memory.withdraw(300, false, 300);

        assertThat(find(1001, 300)).isSameAs(Template.NONE);
        assertThat(find(1002, 300).element(0)).isEqualTo(1);
    }

    @Test
    void endsWhenOnlyOnePortIsLeftWhoseTemplatesHoldThen() {
        clash();
        tell(1002, 300, 1, 8, 12, 7);
        for (long end = nowMillis + PortTemplates.ALIVE_MILLIS + 1; nowMillis <= end; ) {
            hear(1001);
        }

        assertThat(memory.clash()).isEqualTo(Clash.NONE);
        assertThat(find(1003, 300).element(0)).as("it restarted").isEqualTo(8);
    }

    @Test
    void givesTheRoomBackOfWhatPortsToldBefore() {
        tell(1001, 300, ONE);
        long ofOne = space.octets();
        clash();
        long ofClash = space.octets();

        for (int turn = 0; turn < 20; turn++) {
            tell(1001, 300, turn % 2 == 0 ? OTHER : ONE);
        }
        assertThat(space.octets()).isEqualTo(ofClash);

        for (long end = nowMillis + PortTemplates.ALIVE_MILLIS + 1; nowMillis <= end; ) {
            hear(1001);
        }
        assertThat(memory.clash()).isEqualTo(Clash.NONE);
        assertThat(space.octets()).isEqualTo(ofOne);
    }

    @Test
    void tellsItOnceInAnHour() {
        clash();
        for (int minute = 0; minute < 50; minute++) {
            tell(1001 + minute % 2, 300, minute % 2 == 0 ? ONE : OTHER);
        }

        assertThat(events.waiting(10)).singleElement().satisfies(event -> {
            assertThat(event.kind()).isEqualTo("template-clash");
            assertThat(event.subject()).isEqualTo("exporter=192.0.2.1, endpoint=edge, version=9, domain=7");
            assertThat(event.message())
                    .startsWith("template=300, ports=1001 1002:")
                    .contains("exporter.key = address-port");
        });

        for (int minute = 0; minute < 15; minute++) {
            hear(1001);
            hear(1002);
        }
        assertThat(events.waiting(10)).as("it lasts").hasSize(2);
    }

    @Test
    void keepsBoundedWhatPortsSayAndGivesItsRoomBack() {
        clash();
        for (int id = 400; id < 500; id++) {
            for (int port = 2000; port < 2010; port++) {
                hear(port);
                nowMillis -= MINUTE; // All within a moment.
                learn(id, port % 2 == 0 ? ONE : OTHER);
            }
        }

        assertThat(space.octets()).isLessThan((PortTemplates.MOST + 101L) * 1000);
        memory.forget();
        assertThat(space.octets()).isZero();
    }

    private void clash() {
        tell(1001, 300, ONE);
        tell(1002, 300, OTHER);
        tell(1001, 300, ONE);
    }

    private Template find(int port, int id) {
        hear(port);
        return memory.find(id, nowMillis);
    }

    private void tell(int port, int id, int... elements) {
        hear(port);
        learn(id, elements);
    }

    private void hear(int port) {
        nowMillis += MINUTE;
        memory.follow(EXPORTER, port, nowMillis);
    }

    private void learn(int id, int... elements) {
        ByteBuffer record = ByteBuffer.allocate(4 + 4 * elements.length)
                .putShort((short) id)
                .putShort((short) elements.length);
        for (int element : elements) {
            record.putShort((short) element).putShort((short) 4);
        }
        memory.learn(Dialect.V9, false, record.array(), 0, record.capacity(), nowMillis);
    }
}
