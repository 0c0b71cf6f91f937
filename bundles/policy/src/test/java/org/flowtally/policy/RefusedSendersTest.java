// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.flowtally.api.policy.Refusal;
import org.flowtally.api.policy.RefusedSender;
import org.flowtally.lib.lookup.Address;
import org.junit.jupiter.api.Test;

class RefusedSendersTest {
    @Property(tries = 100)
    void remembersExactlyTheMostRecentSenders(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 40) int capacity,
            @ForAll @IntRange(min = 1, max = 80) int many) {
        RefusedSenders senders = new RefusedSenders(capacity);
        Map<String, Long> expected = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                return size() > capacity;
            }
        };
        Random random = new Random(seed);

        for (int time = 1; time <= 500; time++) {
            int address = random.nextInt(many);
            senders.note("e", 0, Address.lowOfIpv4(address), 5, 10, time);
            expected.merge(Address.ofIpv4(address).toString(), 1L, Long::sum);
        }

        assertThat(senders.list(Refusal.NOT_ALLOWED))
                .hasSameSizeAs(expected.keySet())
                .allSatisfy(sender -> {
                    assertThat(sender.datagrams()).isEqualTo(expected.get(sender.address()));
                    assertThat(sender.octets()).isEqualTo(10 * sender.datagrams());
                });
        assertThat(senders.list(Refusal.NOT_ALLOWED))
                .isSortedAccordingTo((one, two) -> two.lastSeen().compareTo(one.lastSeen()));
    }

    @Test
    void showsAReaderNoHalfWrittenSender() throws InterruptedException {
        RefusedSenders senders = new RefusedSenders(4);
        CountDownLatch done = new CountDownLatch(1);
        Thread writer = new Thread(() -> {
            for (int time = 1; time < 300_000; time++) {
                senders.note("e", 0, Address.lowOfIpv4(time % 7), 5, 10, time);
            }
            done.countDown();
        });

        writer.start();
        while (done.getCount() > 0) {
            for (RefusedSender sender : senders.list(Refusal.NOT_ALLOWED)) {
                assertThat(sender.octets()).isEqualTo(10 * sender.datagrams());
                assertThat(sender.firstSeen()).isBeforeOrEqualTo(sender.lastSeen());
            }
        }
        writer.join();

        assertThat(senders.list(Refusal.NOT_ALLOWED)).hasSize(4);
    }
}
