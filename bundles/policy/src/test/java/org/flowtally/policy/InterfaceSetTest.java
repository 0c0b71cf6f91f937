// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.flowtally.api.endpoint.InterfaceRange;
import org.junit.jupiter.api.Test;

class InterfaceSetTest {
    @Test
    void knowsSmallIndexesOneByOne() {
        InterfaceSet set = new InterfaceSet(List.of(new InterfaceRange(3, 3), new InterfaceRange(100, 199)));

        assertThat(IntStream.of(3, 100, 150, 199)).allMatch(set::contains);
        assertThat(IntStream.of(0, 2, 4, 67, 99, 200, 65_535)).noneMatch(set::contains);
    }

    @Test
    void knowsLargeIndexesAsTheUnsignedNumbersTheyAre() {
        InterfaceSet set = new InterfaceSet(
                List.of(new InterfaceRange(65_530, 65_540), new InterfaceRange(4_000_000_000L, 4_000_000_001L)));

        assertThat(IntStream.of(65_530, 65_535, 65_536, 65_540, (int) 4_000_000_000L, (int) 4_000_000_001L))
                .allMatch(set::contains);
        assertThat(IntStream.of(65_529, 65_541, (int) 3_999_999_999L, (int) 4_000_000_002L))
                .noneMatch(set::contains);
    }

    @Test
    void holdsNothingWithoutRanges() {
        InterfaceSet set = new InterfaceSet(List.of());

        assertThat(set.isEmpty()).isTrue();
        assertThat(IntStream.of(0, 1, 70_000, -1)).noneMatch(set::contains);
    }
}
