// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.flowtally.api.flow.Verdict;
import org.flowtally.lib.lookup.Address;
import org.flowtally.lib.lookup.Prefix;
import org.junit.jupiter.api.Test;

class WhitelistTest {
    private final Endpoint strict = Endpoints.counting("strict", true, "10.0.0.0/8", "2001:db8::/32");
    private final PolicyStage stage = Policies.stage();
    private final FlowBatch batch = new FlowBatch(256);

    @Test
    void countsRowsFromOrToTheWhitelist() {
        begin(strict);
        add("10.1.2.3", "198.51.100.1");
        add("198.51.100.1", "10.1.2.3");
        add("10.1.2.3", "10.1.2.4");
        add("2001:db8::1", "2001:db9::1");

        stage.apply(batch);

        assertVerdicts(Verdict.COUNTED, Verdict.COUNTED, Verdict.COUNTED, Verdict.COUNTED);
    }

    @Test
    void judgesRowsWithNeitherAddressInside() {
        begin(strict);
        add("198.51.100.1", "198.51.100.2");
        add("2001:db9::1", "198.51.100.2");

        stage.apply(batch);

        assertVerdicts(Verdict.OUTSIDE_WHITELIST, Verdict.OUTSIDE_WHITELIST);
    }

    @Test
    void leavesEndpointsAloneThatDoNotWantIt() {
        begin(Endpoints.counting("open", false, "10.0.0.0/8"));
        add("198.51.100.1", "198.51.100.2");
        begin(strict);
        add("198.51.100.1", "198.51.100.2");

        stage.apply(batch);

        assertVerdicts(Verdict.COUNTED, Verdict.OUTSIDE_WHITELIST);
    }

    @Test
    void countsNothingWithAnEmptyWhitelist() {
        begin(Endpoints.counting("empty", true));
        add("10.0.0.1", "10.0.0.2");

        stage.apply(batch);

        assertVerdicts(Verdict.OUTSIDE_WHITELIST);
    }

    @Test
    void countsAPrefixOnlyIfTheWholeOfItIsListed() {
        begin(strict);
        addPrefixes("10.4.0.0/16", "198.51.100.0/24");
        addPrefixes("198.51.100.0/24", "10.4.0.0/16");
        addPrefixes("10.0.0.0/7", "198.51.100.0/24");
        addPrefixes("0.0.0.0/0", "0.0.0.0/0");

        stage.apply(batch);

        assertVerdicts(Verdict.COUNTED, Verdict.COUNTED, Verdict.OUTSIDE_WHITELIST, Verdict.OUTSIDE_WHITELIST);
    }

    @Test
    void looksOnlyAtTheAddressThatIsKnown() {
        begin(Endpoints.counting("zeros", true, "0.0.0.0/32", "10.0.0.0/8"));
        addDestination("10.0.0.1");
        addDestination("198.51.100.1");

        stage.apply(batch);

        assertVerdicts(Verdict.COUNTED, Verdict.OUTSIDE_WHITELIST);
    }

    private void addDestination(String to) {
        int row = batch.claim(FlowField.DESTINATION_ADDRESS);
        batch.addresses(row, 0, Address.lowOfIpv4(0), 0, Address.parse(to).low());
    }

    private void addPrefixes(String from, String to) {
        Prefix source = Prefix.parse(from);
        Prefix destination = Prefix.parse(to);
        int row = batch.claim(FlowField.ADDRESSES
                | FlowField.SOURCE_IS_PREFIX
                | FlowField.DESTINATION_IS_PREFIX
                | FlowField.PREFIX_LENGTHS);
        batch.addresses(row, source.high(), source.low(), destination.high(), destination.low());
        batch.prefixLengths(row, source.writtenLength(), destination.writtenLength());
    }

    @Property(tries = 200)
    void judgesOnlyCountedRowsAndEachOfThemRightly(@ForAll long seed) {
        Random random = new Random(seed);
        int rows = 700;
        FlowBatch mixed = new FlowBatch(rows);
        Verdict[] before = new Verdict[rows];
        boolean[] inside = new boolean[rows];
        for (int row = 0; row < rows; row++) {
            if (row == 0 || random.nextInt(20) == 0) {
                boolean mode = random.nextInt(4) > 0;
                mixed.beginSpan(mode ? strict : Endpoints.counting("open", false), EXPORTER, 0, 0, 0);
            }
            mixed.claim(FlowField.ADDRESSES);
            Address from = anyAddress(random);
            Address to = anyAddress(random);
            mixed.addresses(row, from.high(), from.low(), to.high(), to.low());
            before[row] = Verdict.of(random.nextInt(2) * random.nextInt(Verdict.count()));
            mixed.judge(row, before[row]);
            inside[row] = !mixed.endpoint(mixed.spans() - 1).whitelistMode() || isListed(from) || isListed(to);
        }

        stage.apply(mixed);

        assertThat(mixed.size()).isEqualTo(rows);
        for (int row = 0; row < rows; row++) {
            boolean judged = before[row] == Verdict.COUNTED && !inside[row];
            assertThat(mixed.verdict(row)).isEqualTo(judged ? Verdict.OUTSIDE_WHITELIST : before[row]);
        }
    }

    private static Address anyAddress(Random random) {
        return random.nextInt(5) == 0
                ? new Address(0x2001_0db8_0000_0000L + (random.nextInt(2) << 8), random.nextInt(3))
                : Address.ofIpv4((9 + random.nextInt(3)) << 24);
    }

    private boolean isListed(Address address) {
        return strict.whitelistSubnets().stream().anyMatch(listed -> listed.contains(address.high(), address.low()));
    }

    private static final Exporter EXPORTER = new Exporter("e", "", 0, Address.lowOfIpv4(1), 5, 0);

    private void begin(Endpoint endpoint) {
        batch.beginSpan(endpoint, EXPORTER, 0, 0, 0);
    }

    private void add(String from, String to) {
        Address source = Address.parse(from);
        Address destination = Address.parse(to);
        int row = batch.claim(FlowField.ADDRESSES);
        batch.addresses(row, source.high(), source.low(), destination.high(), destination.low());
    }

    private void assertVerdicts(Verdict... verdicts) {
        assertThat(batch.size()).isEqualTo(verdicts.length);
        for (int row = 0; row < verdicts.length; row++) {
            assertThat(batch.verdict(row)).as("row %d", row).isEqualTo(verdicts[row]);
        }
    }
}
