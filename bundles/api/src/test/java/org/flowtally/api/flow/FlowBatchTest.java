// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Set;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.MatchAddress;
import org.flowtally.api.endpoint.SamplingMode;
import org.flowtally.api.policy.TrafficClasses;
import org.junit.jupiter.api.Test;

class FlowBatchTest {
    private static final Endpoint ENDPOINT = new Endpoint(
            "edge", "0.0.0.0", 2055, Set.of(5), List.of(), false, List.of(), "", 1 << 20, SamplingMode.APPLY, 1);

    private static final Exporter EXPORTER = new Exporter("edge", "", 0, 0xffff_0a00_0001L, 5, 0);

    private static final long NARROW_ROW = FlowField.NARROW
            | FlowField.NEXT_HOP
            | FlowField.INTERFACES
            | FlowField.AUTONOMOUS_SYSTEMS
            | FlowField.PREFIX_LENGTHS
            | FlowField.UPTIME_TIMES;

    private final FlowBatch batch = new FlowBatch(4);

    @Test
    void showsNothingOfTheRowThatStoodThereBefore() {
        begin(1);
        int before = batch.claim(FlowField.OCTETS | FlowField.PORTS);
        batch.octets(before, 1500);
        batch.ports(before, 443, 50_000);
        batch.samplingRate(before, 100);
        batch.judge(before, Verdict.IN_FUTURE);

        batch.clear();
        begin(1);
        int row = batch.claim(FlowField.PACKETS);

        assertThat(row).isEqualTo(before);
        assertThat(batch.has(row, FlowField.OCTETS)).isFalse();
        assertThat(batch.octets(row)).isZero();
        assertThat(batch.sourcePort(row)).isZero();
        assertThat(batch.samplingRate(row)).isEqualTo(1);
        assertThat(batch.quality(row)).isZero();
        assertThat(batch.isCounted(row)).isTrue();
    }

    @Test
    void showsNothingOfAnIpv6AddressInTheIpv4AddressAfterIt() {
        begin(1);
        int before = batch.claim(FlowField.ADDRESSES | FlowField.NEXT_HOP);
        batch.addresses(before, 0x2001_0db8_0000_0001L, 1, 0x2001_0db8_0000_0002L, 2);
        batch.nextHop(before, 0x2001_0db8_0000_0003L, 3);

        batch.clear();
        begin(1);
        int row = batch.claim(FlowField.ADDRESSES | FlowField.NEXT_HOP);
        batch.ipv4Addresses(row, 0xFFFF_FFFF_C000_0201L, 0x0A01_0203L);
        batch.nextHopIpv4(row, 0x0A09_0909L);

        assertThat(batch.sourceHigh(row)).isZero();
        assertThat(batch.sourceLow(row)).isEqualTo(0xFFFF_C000_0201L);
        assertThat(batch.destinationHigh(row)).isZero();
        assertThat(batch.destinationLow(row)).isEqualTo(0xFFFF_0A01_0203L);
        assertThat(batch.nextHopHigh(row)).isZero();
        assertThat(batch.nextHopLow(row)).isEqualTo(0xFFFF_0A09_0909L);
    }

    @Test
    void keepsHalvesApartThatLieInOneWord() {
        begin(1);
        int row = batch.claim(~FlowField.NARROW);

        batch.transport(row, -1);
        batch.tcpFlags(row, 0x1_8765);
        batch.protocol(row, 0x1_43);
        batch.tos(row, 0x1_21);
        batch.ports(row, 0x1_1111, 0x1_2222);
        batch.interfaces(row, -1, 0x3333_3333);
        batch.autonomousSystems(row, 0xFFFF_FFFE, 0x4444_4444);
        batch.prefixLengths(row, 128, 255);

        assertThat(batch.tcpFlags(row)).isEqualTo(0x8765);
        assertThat(batch.protocol(row)).isEqualTo(0x43);
        assertThat(batch.tos(row)).isEqualTo(0x21);
        assertThat(batch.sourcePort(row)).isEqualTo(0x1111);
        assertThat(batch.destinationPort(row)).isEqualTo(0x2222);
        assertThat(batch.inputInterface(row)).isEqualTo(-1);
        assertThat(batch.outputInterface(row)).isEqualTo(0x3333_3333);
        assertThat(batch.sourceAs(row)).isEqualTo(0xFFFF_FFFE);
        assertThat(batch.destinationAs(row)).isEqualTo(0x4444_4444);
        assertThat(batch.sourcePrefixLength(row)).isEqualTo(128);
        assertThat(batch.destinationPrefixLength(row)).isEqualTo(255);

        batch.transport(row, 0xFEDC_BA98_7654_3210L);

        assertThat(batch.sourcePort(row)).isEqualTo(0xFEDC);
        assertThat(batch.destinationPort(row)).isEqualTo(0xBA98);
        assertThat(batch.tcpFlags(row)).isEqualTo(0x7654);
        assertThat(batch.protocol(row)).isEqualTo(0x32);
        assertThat(batch.tos(row)).isEqualTo(0x10);
    }

    @Test
    void changesOneHalfAndLeavesTheOther() {
        begin(1);
        int row = batch.claim(~FlowField.NARROW);
        batch.transport(row, -1);
        batch.interfaces(row, -1, -1);
        batch.autonomousSystems(row, -1, -1);
        batch.prefixLengths(row, 0xFF, 0xFF);

        batch.protocol(row, 0x1_06);
        batch.destinationPort(row, 0x1_01BB);
        batch.inputInterface(row, 3);
        batch.destinationAs(row, 4);
        batch.sourcePrefixLength(row, 24);

        assertThat(batch.tcpFlags(row)).isEqualTo(0xFFFF);
        assertThat(batch.protocol(row)).isEqualTo(6);
        assertThat(batch.tos(row)).isEqualTo(0xFF);
        assertThat(batch.sourcePort(row)).isEqualTo(0xFFFF);
        assertThat(batch.destinationPort(row)).isEqualTo(443);
        assertThat(batch.inputInterface(row)).isEqualTo(3);
        assertThat(batch.outputInterface(row)).isEqualTo(-1);
        assertThat(batch.sourceAs(row)).isEqualTo(-1);
        assertThat(batch.destinationAs(row)).isEqualTo(4);
        assertThat(batch.sourcePrefixLength(row)).isEqualTo(24);
        assertThat(batch.destinationPrefixLength(row)).isEqualTo(0xFF);

        batch.tcpFlags(row, 0xFF_0012);
        batch.tos(row, 0x1_34);
        batch.sourcePort(row, 0x1_0035);
        batch.outputInterface(row, 5);
        batch.sourceAs(row, 65_000);
        batch.destinationPrefixLength(row, 32);

        assertThat(batch.tcpFlags(row)).isEqualTo(0x12);
        assertThat(batch.protocol(row)).isEqualTo(6);
        assertThat(batch.tos(row)).isEqualTo(0x34);
        assertThat(batch.sourcePort(row)).isEqualTo(53);
        assertThat(batch.destinationPort(row)).isEqualTo(443);
        assertThat(batch.inputInterface(row)).isEqualTo(3);
        assertThat(batch.outputInterface(row)).isEqualTo(5);
        assertThat(batch.sourceAs(row)).isEqualTo(65_000);
        assertThat(batch.destinationAs(row)).isEqualTo(4);
        assertThat(batch.sourcePrefixLength(row)).isEqualTo(24);
        assertThat(batch.destinationPrefixLength(row)).isEqualTo(32);
    }

    @Test
    void takesNarrowWordsApart() {
        begin(1);
        int row = batch.claim(NARROW_ROW);

        batch.narrowRoute(row, 0xC000_0201_8001_FFFEL);
        batch.narrowNetworks(row, 0xFDE8_8002_1820_FFFFL);
        batch.narrowTimes(row, 0xFFFF_FFF0_8000_0001L);

        assertThat(batch.nextHopHigh(row)).isZero();
        assertThat(batch.nextHopLow(row)).isEqualTo(0xFFFF_C000_0201L);
        assertThat(batch.inputInterface(row)).isEqualTo(0x8001);
        assertThat(batch.outputInterface(row)).isEqualTo(0xFFFE);
        assertThat(batch.sourceAs(row)).isEqualTo(0xFDE8);
        assertThat(batch.destinationAs(row)).isEqualTo(0x8002);
        assertThat(batch.sourcePrefixLength(row)).isEqualTo(24);
        assertThat(batch.destinationPrefixLength(row)).isEqualTo(32);
        assertThat(batch.observedStart(row)).isEqualTo(0xFFFF_FFF0L);
        assertThat(batch.observedEnd(row)).isEqualTo(0x8000_0001L);
    }

    @Test
    void takesNarrowPrefixLengthsLongerThanAnAddressForUnknown() {
        begin(1);
        int row = batch.claim(NARROW_ROW);

        batch.narrowNetworks(row, 0xFDE8_8002_2120_FFFFL);
        assertThat(batch.sourcePrefixLength(row)).isZero();
        assertThat(batch.destinationPrefixLength(row)).isEqualTo(32);

        batch.narrowNetworks(row, 0xFDE8_8002_20FF_FFFFL);
        assertThat(batch.sourcePrefixLength(row)).isEqualTo(32);
        assertThat(batch.destinationPrefixLength(row)).isZero();
    }

    @Test
    void showsNothingOfNarrowWordsWhoseFieldsAreMissing() {
        begin(1);
        int row = batch.claim(FlowField.NARROW);
        batch.narrowRoute(row, -1);
        batch.narrowNetworks(row, 0x7FFF_7FFF_1818_0000L);

        assertThat(batch.nextHopHigh(row)).isZero();
        assertThat(batch.nextHopLow(row)).isZero();
        assertThat(batch.inputInterface(row)).isZero();
        assertThat(batch.outputInterface(row)).isZero();
        assertThat(batch.sourceAs(row)).isZero();
        assertThat(batch.destinationAs(row)).isZero();
        assertThat(batch.sourcePrefixLength(row)).isZero();
        assertThat(batch.destinationPrefixLength(row)).isZero();
    }

    @Test
    void keepsARowNarrowWhereverItIsCopied() {
        begin(1);
        int row = batch.claim(NARROW_ROW);
        batch.nextHopIpv4(batch.claim(FlowField.NEXT_HOP), 0x0A09_0909L);
        batch.narrowRoute(row, 0xC000_0201_0003_0004L);
        batch.narrowNetworks(row, 0x0005_0006_1810_0000L);
        batch.narrowTimes(row, 0x0000_0007_0000_0008L);
        FlowBatch into = new FlowBatch(2);
        into.beginSpan(batch, 0);

        int wide = into.append(batch, row + 1);
        int narrow = into.append(batch, row);

        assertThat(into.nextHopLow(wide)).isEqualTo(0xFFFF_0A09_0909L);
        assertThat(into.nextHopLow(narrow)).isEqualTo(0xFFFF_C000_0201L);
        assertThat(into.outputInterface(narrow)).isEqualTo(4);
        assertThat(into.destinationAs(narrow)).isEqualTo(6);
        assertThat(into.sourcePrefixLength(narrow)).isEqualTo(24);
        assertThat(into.observedEnd(narrow)).isEqualTo(8);
    }

    @Test
    void showsNothingOfANarrowRowInTheWideOneAfterItNorTheOtherWayRound() {
        begin(1);
        int before = batch.claim(NARROW_ROW);
        batch.narrowRoute(before, -1);
        batch.narrowNetworks(before, -1);
        batch.narrowTimes(before, -1);
        batch.clear();
        begin(1);
        int wide = batch.claim(NARROW_ROW & ~FlowField.NARROW);
        batch.nextHopIpv4(wide, 1);
        batch.interfaces(wide, 2, 3);
        batch.autonomousSystems(wide, 4, 5);
        batch.prefixLengths(wide, 6, 7);
        batch.observedTimes(wide, 8, 9);

        assertThat(batch.nextHopLow(wide)).isEqualTo(0xFFFF_0000_0001L);
        assertThat(batch.inputInterface(wide)).isEqualTo(2);
        assertThat(batch.outputInterface(wide)).isEqualTo(3);
        assertThat(batch.sourceAs(wide)).isEqualTo(4);
        assertThat(batch.destinationAs(wide)).isEqualTo(5);
        assertThat(batch.sourcePrefixLength(wide)).isEqualTo(6);
        assertThat(batch.destinationPrefixLength(wide)).isEqualTo(7);
        assertThat(batch.observedStart(wide)).isEqualTo(8);
        assertThat(batch.observedEnd(wide)).isEqualTo(9);

        batch.nextHop(wide, -1, -1);
        batch.clear();
        begin(1);
        int narrow = batch.claim(NARROW_ROW);
        batch.narrowRoute(narrow, 0);

        assertThat(batch.nextHopHigh(narrow)).isZero();
        assertThat(batch.nextHopLow(narrow)).isEqualTo(0xFFFF_0000_0000L);
        assertThat(batch.inputInterface(narrow)).isZero();
        assertThat(batch.outputInterface(narrow)).isZero();
    }

    @Test
    void refusesToSetAloneWhatANarrowRowKeepsInAWord() {
        begin(1);
        int row = batch.claim(NARROW_ROW);

        assertThatThrownBy(() -> batch.interfaces(row, 1, 2)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> batch.inputInterface(row, 1)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> batch.outputInterface(row, 1)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> batch.autonomousSystems(row, 1, 2)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> batch.sourceAs(row, 1)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> batch.destinationAs(row, 1)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> batch.prefixLengths(row, 1, 2)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> batch.sourcePrefixLength(row, 1)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> batch.destinationPrefixLength(row, 1)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> batch.nextHop(row, 1, 2)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> batch.nextHopIpv4(row, 1)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> batch.observedTimes(row, 1, 2)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> batch.observedStart(row, 1)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> batch.observedEnd(row, 1)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> batch.withdraw(row, FlowField.NARROW)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> batch.add(row, FlowField.NARROW)).isInstanceOf(AssertionError.class);
    }

    @Test
    void refusesTheWordsOfANarrowRowForAnyOther() {
        begin(1);
        int row = batch.claim(NARROW_ROW & ~FlowField.NARROW);

        assertThatThrownBy(() -> batch.narrowRoute(row, 1)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> batch.narrowNetworks(row, 1)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> batch.narrowTimes(row, 1)).isInstanceOf(AssertionError.class);
    }

    @Test
    void keepsTheFirstJudgement() {
        begin(1);
        int row = batch.claim(0);

        batch.judge(row, Verdict.TOO_OLD);
        batch.judge(row, Verdict.OUTSIDE_WHITELIST);

        assertThat(batch.verdict(row)).isEqualTo(Verdict.TOO_OLD);
    }

    @Test
    void givesEachSpanItsOwnRows() {
        begin(1);
        batch.claim(0);
        batch.claim(0);
        begin(2);
        batch.claim(0);

        assertThat(batch.spans()).isEqualTo(2);
        assertThat(batch.firstRow(0)).isZero();
        assertThat(batch.endRow(0)).isEqualTo(2);
        assertThat(batch.endRow(1)).isEqualTo(3);
        assertThat(batch.exporter(1).domain()).isEqualTo(2);
    }

    @Test
    void replacesASpanThatGotNoRows() {
        begin(1);
        begin(2);
        batch.claim(0);

        assertThat(batch.spans()).isEqualTo(1);
        assertThat(batch.exporter(0).domain()).isEqualTo(2);
    }

    @Test
    void refusesARowBeyondItsCapacity() {
        begin(1);
        for (int row = 0; row < batch.capacity(); row++) {
            batch.claim(0);
        }

        assertThat(batch.remaining()).isZero();
        assertThatThrownBy(() -> batch.claim(0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void refusesARowOutsideAnySpan() {
        begin(1);
        batch.claim(0);

        batch.clear();

        assertThatThrownBy(() -> batch.claim(0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void beginsASpanEvenWhenFullOfSpansOfOneRow() {
        for (int row = 0; row < batch.capacity(); row++) {
            begin(row);
            batch.claim(0);
        }

        begin(99);

        assertThat(batch.spans()).isEqualTo(5);
        assertThat(batch.firstRow(4)).isEqualTo(batch.endRow(4)).isEqualTo(4);
    }

    @Test
    void claimsSeveralRowsAtOnce() {
        begin(1);
        batch.samplingRate(batch.claim(0), 7);
        batch.clear();
        begin(1);

        int first = batch.claim(3, FlowField.OCTETS);
        batch.add(first + 1, FlowField.ICMP);

        assertThat(batch.size()).isEqualTo(3);
        assertThat(batch.samplingRate(first)).isEqualTo(1);
        assertThat(batch.isCounted(first + 2)).isTrue();
        assertThat(batch.has(first + 1, FlowField.OCTETS | FlowField.ICMP)).isTrue();
        assertThat(batch.has(first + 2, FlowField.ICMP)).isFalse();
        assertThatThrownBy(() -> batch.claim(2, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void takesTheAddressBehindATranslationWhereOneWasTold() {
        begin(1);
        int row = batch.claim(FlowField.ADDRESSES | FlowField.NAT_ADDRESSES);
        batch.addresses(row, 0, 0xFFFF_0A00_0001L, 0x2001L << 48, 1);
        batch.natSource(row, 0, 0xFFFF_0000_0000L); // 0.0.0.0
        batch.natDestination(row, 0, 0xFFFF_0A00_0002L);

        assertThat(batch.isNatSourceTold(row)).isFalse();
        assertThat(batch.postNatSourceLow(row)).isEqualTo(0xFFFF_0A00_0001L);
        assertThat(batch.isNatDestinationTold(row)).isTrue();
        assertThat(batch.postNatDestinationHigh(row)).isZero();
        assertThat(batch.postNatDestinationLow(row)).isEqualTo(0xFFFF_0A00_0002L);

        batch.withdraw(row, FlowField.NAT_ADDRESSES);
        assertThat(batch.postNatDestinationHigh(row)).isEqualTo(0x2001L << 48);
    }

    @Test
    void beginsEachSpanWithOriginalAddressesAndEachBatchWithOrdinaryTraffic() {
        begin(1);
        int row = batch.claim(0);
        batch.matchAddress(0, MatchAddress.EITHER);
        batch.translatedSides(row, false, true);
        batch.trafficClasses(TrafficClasses.NONE);
        batch.trafficClasses(row, 255, 7);
        assertThat(batch.farClass(row, 0)).isEqualTo(255);
        assertThat(batch.farClass(row, 1)).isEqualTo(7);
        assertThat(batch.isSourceTranslated(row)).isFalse();
        assertThat(batch.isDestinationTranslated(row)).isTrue();

        batch.clear();
        begin(1);
        batch.claim(0);
        batch.trafficClasses(TrafficClasses.NONE);

        assertThat(batch.matchAddress(0)).isEqualTo(MatchAddress.ORIGINAL);
        assertThat(batch.sourceClass(row)).isZero();
        assertThat(batch.destinationClass(row)).isZero();
    }

    @Test
    void forgetsTheFieldsOfARow() {
        begin(1);
        int row = batch.claim(FlowField.OCTETS | FlowField.UPTIME_TIMES);
        batch.octets(row, 1500);

        batch.forget(row);

        assertThat(batch.octets(row)).isZero();
        assertThat(batch.has(row, FlowField.UPTIME_TIMES)).isFalse();
        assertThat(batch.size()).isEqualTo(1);
    }

    @Test
    void marksSampledRowsAsScaled() {
        begin(1);
        int row = batch.claim(FlowField.OCTETS);

        batch.samplingRate(row, 1000);

        assertThat(batch.quality(row)).isEqualTo(Quality.SCALED);
    }

    @Test
    void tellsOneAddressFromBoth() {
        begin(1);
        int row = batch.claim(FlowField.DESTINATION_ADDRESS);

        assertThat(batch.has(row, FlowField.ADDRESSES)).isFalse();
        assertThat(batch.hasAny(row, FlowField.ADDRESSES)).isTrue();
        assertThat(batch.hasAny(row, FlowField.SOURCE_ADDRESS)).isFalse();

        batch.add(row, FlowField.SOURCE_ADDRESS);

        assertThat(batch.has(row, FlowField.ADDRESSES)).isTrue();
    }

    private void begin(int domain) {
        batch.beginSpan(ENDPOINT, new Exporter("edge", "", 0, 0, 5, domain), 1000, 900, FlowBatch.NO_UPTIME);
    }

    @Test
    void copiesEveryColumnOfARow() throws IllegalAccessException {
        FlowBatch from = new FlowBatch(2);
        from.beginSpan(ENDPOINT, EXPORTER, 11, 22, 33);
        from.claim(0);
        int copied = from.claim(0);
        int columns = 0;
        for (Field column : FlowBatch.class.getDeclaredFields()) {
            column.setAccessible(true);
            Object values = column.get(from);
            if (column.getType().isArray() && Array.getLength(values) == from.capacity()) {
                columns++;
                switch (column.getType().getComponentType().getName()) {
                    case "long" -> Array.setLong(values, copied, 1_000_000_007L * columns);
                    case "int" -> Array.setInt(values, copied, 70_001 * columns);
                    case "char" -> Array.setChar(values, copied, (char) (300 + columns));
                    case "byte" -> Array.setByte(values, copied, (byte) columns);
                    default -> throw new AssertionError(column.getName());
                }
            }
        }
        assertThat(columns).isGreaterThan(40);
        FlowBatch into = new FlowBatch(2);

        into.beginSpan(from, 0);
        into.returnSpan();
        int row = into.append(from, copied);

        for (Field column : FlowBatch.class.getDeclaredFields()) {
            column.setAccessible(true);
            Object values = column.get(into);
            if (column.getType().isArray() && Array.getLength(values) == into.capacity()) {
                assertThat(Array.get(values, row)).as(column.getName()).isEqualTo(Array.get(column.get(from), copied));
            }
        }
        assertThat(into.size()).isOne();
        assertThat(into.isReturned(0)).isTrue();
        assertThat(into.exporter(0)).isSameAs(EXPORTER);
        assertThat(into.endpoint(0)).isSameAs(ENDPOINT);
        assertThat(List.of(into.receivedAtMillis(0), into.exportMillis(0), into.uptimeMillis(0)))
                .containsExactly(11L, 22L, 33L);
        into.clear();
        into.beginSpan(from, 0);
        assertThat(into.isReturned(0)).isFalse();
    }
}
