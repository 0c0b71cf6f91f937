// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.flowtally.api.endpoint.Endpoint;
import org.junit.jupiter.api.Test;

class CompiledListsTest {
    private static final Endpoint OTHER = Endpoints.allowing("other", "10.0.0.0/8");

    private final List<Endpoint> compiled = new ArrayList<>();
    private final CompiledLists<Endpoint> lists =
            new CompiledLists<>((one, other) -> one.allowedSubnets().equals(other.allowedSubnets()), endpoint -> {
                compiled.add(endpoint);
                return endpoint;
            });
    private final Endpoint first = Endpoints.allowing("site", "10.0.0.0/8");
    private final Endpoint second = Endpoints.allowing("site", "172.16.0.0/12");
    private final Endpoint third = Endpoints.allowing("site", "192.168.0.0/16");

    @Test
    void compilesAListOnceHoweverOftenItsEndpointChanges() {
        Endpoint changed = Endpoints.granting("site", 20, first.allowedSubnets());

        assertThat(lists.of(first)).isSameAs(first);
        assertThat(lists.of(OTHER)).isNotSameAs(first);
        assertThat(lists.of(changed)).isSameAs(first);
        assertThat(compiled).hasSize(2);
    }

    @Test
    void answersForWhatIsPreparedWithoutFurtherWork() {
        lists.prepare(first);
        lists.prepare(second);

        assertThat(lists.of(second)).isSameAs(second);
        assertThat(lists.of(first)).isSameAs(first); // A datagram that was on its way.
        assertThat(compiled).containsExactly(first, second);
        assertThat(lists.endpoints()).containsExactly(second);
    }

    @Test
    void keepsOfAListThatDidNotChangeTheLastSnapshotAndTheListBefore() {
        Endpoint changed = Endpoints.granting("site", 20, second.allowedSubnets());
        lists.prepare(first);
        lists.prepare(second);
        lists.prepare(changed);

        assertThat(lists.endpoints()).containsExactly(changed);
        assertThat(lists.of(changed)).isSameAs(second);
        assertThat(lists.of(first)).isSameAs(first);
        assertThat(compiled).containsExactly(first, second);
    }

    @Test
    void keepsTheLastAndOneBeforeOfAnEndpoint() {
        lists.prepare(first);
        lists.prepare(second);
        lists.prepare(third);

        lists.of(second);
        assertThat(compiled).containsExactly(first, second, third);
        assertThat(lists.of(first)).isSameAs(first); // A row that was in quarantine.
        assertThat(compiled).containsExactly(first, second, third, first);
        assertThat(lists.endpoints()).containsExactly(third);
        lists.of(third);
        lists.of(first);
        assertThat(compiled).containsExactly(first, second, third, first);
    }

    @Test
    void knowsAListThatNobodyPreparedAfterTheFirstDatagram() {
        lists.of(first);
        lists.of(second);
        lists.of(third);
        lists.of(OTHER);

        assertThat(lists.of(third)).isSameAs(third);
        assertThat(compiled).containsExactly(first, second, third, OTHER);
    }

    @Test
    void answersForTheLateDatagramsOfWhatWasForgottenUntilTheNextIsForgotten() {
        lists.prepare(first);
        lists.prepare(OTHER);

        lists.forget("site");
        lists.forget("site");
        lists.of(OTHER);
        assertThat(lists.of(first)).isSameAs(first);
        assertThat(lists.endpoints()).containsExactly(OTHER);
        assertThat(compiled).containsExactly(first, OTHER);

        lists.forget("other");
        assertThat(lists.endpoints()).isEmpty();
        lists.prepare(first);
        assertThat(compiled).containsExactly(first, OTHER, first);
    }

    @Test
    void keepsWhatComesBackAfterItWasForgotten() {
        lists.prepare(first);
        lists.forget("site");
        lists.prepare(second);
        lists.forget("other");

        assertThat(lists.endpoints()).containsExactly(second);
        assertThat(lists.of(second)).isSameAs(second);
        assertThat(compiled).containsExactly(first, second);
    }

    @Test
    void isBoundedIfNobodyForgets() {
        for (int number = 0; number < 1_000; number++) {
            lists.of(Endpoints.allowing("site" + number, "10.0.0.0/8"));
        }
        assertThat(lists.endpoints()).hasSizeLessThanOrEqualTo(256);

        for (int number = 0; number < 1_000; number++) {
            lists.prepare(Endpoints.allowing("place" + number, "10.0.0.0/8"));
        }
        assertThat(lists.endpoints()).hasSizeLessThanOrEqualTo(256);
    }
}
