// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class TemplateMemoryTest {
    private static final TemplateLimits LIMITS = new TemplateLimits(2, 3, 1000, 400, 500, 1 << 20);

    private final TemplateSpace space = new TemplateSpace(LIMITS);
    private final TemplateMemory memory = new TemplateMemory(space);

    @Test
    void knowsATemplateThatIsSentAgain() {
        learn(300, 0, 8, 12);
        Template first = memory.find(300, 0);
        learn(300, 900, 8, 12);

        assertThat(memory.find(300, 1500)).isSameAs(first);
        assertThat(space.count(TemplateCounter.LEARNED)).isEqualTo(1);
    }

    @Test
    void forgetsATemplateWhoseLifetimeIsOver() {
        learn(300, 0, 8, 12);

        assertThat(memory.find(300, 1001)).isSameAs(Template.NONE);
        assertThat(space.count(TemplateCounter.EXPIRED)).isEqualTo(1);
        assertThat(space.octets()).isZero();
    }

    @Test
    void keepsTemplatesOfAConnectionHoweverLongItLasts() {
        memory.agesTemplates(false);
        learn(300, 0, 8, 12);

        assertThat(memory.find(300, 1_000_000).id()).isEqualTo(300);
        assertThat(space.count(TemplateCounter.EXPIRED)).isZero();
    }

    @Test
    void letsTemplatesOfOldConnectionsMakeRoom() {
        memory.agesTemplates(false);
        learn(300, 0, 8);
        learn(301, 10, 8);
        learn(302, 20, 8);

        assertThat(memory.find(300, 20)).isSameAs(Template.NONE);
        assertThat(memory.find(301, 20).id()).isEqualTo(301);
        assertThat(memory.find(302, 20).id()).isEqualTo(302);
        assertThat(space.count(TemplateCounter.EXPIRED)).isEqualTo(1);
        assertThat(space.count(TemplateCounter.REFUSED)).isZero();
    }

    @Test
    void takesTheLatestDefinition() {
        learn(300, 0, 8, 12);
        learn(300, 0, 8, 12, 1);

        assertThat(memory.find(300, 0).fields()).isEqualTo(3);
        assertThat(memory.templates()).isEqualTo(1);
    }

    @Test
    void refusesTemplatesBeyondTheLimits() {
        learn(300, 0, 8);
        learn(301, 0, 8);
        learn(302, 0, 8);
        learn(301, 0, 8, 12, 1, 2);

        assertThat(memory.find(302, 0)).isSameAs(Template.NONE);
        assertThat(memory.find(301, 0)).as("what it was holds no longer").isSameAs(Template.NONE);
        assertThat(space.count(TemplateCounter.REFUSED)).isEqualTo(2);
    }

    @Test
    void refusesWhatAllExportersTogetherHaveNoRoomFor() {
        space.limits(new TemplateLimits(100, 100, 1000, 400, 500, 1300));
        memory.establish();
        learn(300, 0, 8);
        learn(301, 0, 8);
        learn(302, 0, 8);

        assertThat(memory.templates()).isEqualTo(2);
        assertThat(space.octets()).isLessThanOrEqualTo(1300);
    }

    @Test
    void holdsNoMoreThanItsShare() {
        hold(300, 100, 0);
        hold(300, 100, 0);
        hold(300, 100, 0);

        assertThat(memory.heldOctets()).isLessThanOrEqualTo(400);
        assertThat(space.count(TemplateCounter.HELD)).isEqualTo(2);
        assertThat(space.count(TemplateCounter.NO_ROOM)).isEqualTo(1);
    }

    @Test
    void leavesRoomForTemplatesWhenDataOfOthersFillsItsHalf() {
        space.limits(new TemplateLimits(100, 100, 1000, 4000, 500, 1200));
        memory.establish();
        new TemplateMemory(space).hold(300, new byte[250], 0, 250, 0, 0, 0);
        hold(300, 250, 0);
        learn(300, 0, 8);

        assertThat(space.count(TemplateCounter.NO_ROOM)).isEqualTo(1);
        assertThat(memory.templates()).isEqualTo(1);
    }

    @Test
    void leavesHalfOfTheRoomToThoseThatHaveProvenThemselves() {
        space.limits(new TemplateLimits(100, 100, 1000, 400, 500, 2000));
        learn(300, 0, 8);
        learn(301, 0, 8);
        assertThat(memory.templates()).as("of a newcomer").isEqualTo(1);

        memory.establish();
        learn(301, 0, 8);
        learn(302, 0, 8);

        assertThat(memory.templates()).isEqualTo(3);
    }

    @Test
    void takesTheRoomOfNewcomersForThoseThatHaveProvenThemselves() {
        space.limits(new TemplateLimits(100, 100, 1000, 400, 500, 2000));
        TemplateMemory newcomer = new TemplateMemory(space);
        newcomer.learn(Dialect.V9, false, new byte[] {1, 44, 0, 1, 0, 1, 0, 4}, 0, 8, 0);
        space.reclaimer(spared -> {
            boolean isThere = newcomer.octets() > 0;
            newcomer.forget();
            return isThere;
        });
        memory.establish();
        learn(300, 0, 8);
        learn(301, 0, 8);
        assertThat(newcomer.octets()).isPositive();

        learn(302, 0, 8);

        assertThat(memory.templates()).isEqualTo(3);
        assertThat(newcomer.octets()).isZero();
        assertThat(space.octets()).isEqualTo(memory.octets());
    }

    @Test
    void keepsAnExporterAndAnAddressWithinTheirShares() {
        space.limits(new TemplateLimits(100, 100, 1000, 4000, 500, 1200, 1800, 1 << 20));
        AddressShare address = new AddressShare();
        TemplateMemory first = new TemplateMemory(space, address);
        TemplateMemory second = new TemplateMemory(space, address);
        byte[] record = {1, 44, 0, 1, 0, 1, 0, 4};
        for (int id = 0; id < 4; id++) {
            record[1] = (byte) id;
            first.learn(Dialect.V9, false, record, 0, 8, 0);
        }
        assertThat(first.templates()).as("of one exporter").isEqualTo(2);

        for (int id = 0; id < 4; id++) {
            record[1] = (byte) id;
            second.learn(Dialect.V9, false, record, 0, 8, 0);
        }

        assertThat(second.templates()).as("of the rest of its address").isEqualTo(1);
        assertThat(address.octets()).isEqualTo(first.octets() + second.octets());
    }

    @Test
    void givesUpWhatWaitedTooLong() {
        hold(300, 100, 0);
        hold(300, 100, 400);

        learn(300, 600, 8);

        assertThat(memory.nextReady().receivedAtMillis()).isEqualTo(400);
        assertThat(space.count(TemplateCounter.GIVEN_UP)).isEqualTo(1);
    }

    @Test
    void givesAllRoomBackWhenItsExporterIsForgotten() {
        learn(300, 0, 8);
        hold(301, 100, 0);

        memory.forget();

        assertThat(space.octets()).isZero();
    }

    @Test
    void takesBackWhatIsWithdrawn() {
        learn(300, 0, 8);
        learn(301, 0, 8);
        memory.withdraw(300, false, 2);
        assertThat(memory.templates()).isEqualTo(1);

        memory.withdraw(2, false, 2);

        assertThat(memory.templates()).isZero();
        assertThat(space.octets()).isZero();
    }

    private void learn(int id, long nowMillis, int... elements) {
        ByteBuffer record = ByteBuffer.allocate(4 + 4 * elements.length);
        record.putShort((short) id).putShort((short) elements.length);
        for (int each : elements) {
            record.putShort((short) each).putShort((short) 4);
        }
        memory.learn(Dialect.V9, false, record.array(), 0, record.capacity(), nowMillis);
    }

    private void hold(int id, int octets, long nowMillis) {
        memory.hold(id, new byte[octets], 0, octets, nowMillis, 0, 0);
    }
}
