// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.flowtally.itests.sender.Load;
import org.flowtally.itests.sender.Population;

/** What several loads sent in all, subscriber by subscriber, next to the tables. */
final class ExpectedLoad {
    private final Population population;
    private final Map<String, long[]> sums = new TreeMap<>();
    private long rows;

    ExpectedLoad(Population population) {
        this.population = population;
    }

    Population population() {
        return population;
    }

    /** Gives every subscriber its address, in one statement. */
    void assign(Collector collector) {
        List<String> values = new ArrayList<>();
        for (int subscriber = 0; subscriber < population.size(); subscriber++) {
            values.add("('','%s','%s','%s','2020-01-01 00:00:00')"
                    .formatted(
                            population.prefix(subscriber),
                            population.accountId(subscriber),
                            population.serviceId(subscriber)));
        }
        collector
                .database()
                .execute("INSERT INTO ip_assignment (realm, prefix, account_id, service_id, valid_from) VALUES "
                        + String.join(",", values));
        collector.reloadSubscribers();
    }

    void add(Load load) {
        rows += load.rows();
        List<Load.Moved> received = load.received();
        List<Load.Moved> sent = load.sent();
        for (int subscriber = 0; subscriber < population.size(); subscriber++) {
            Load.Moved in = received.get(subscriber);
            Load.Moved out = sent.get(subscriber);
            long[] sum = sums.computeIfAbsent(population.accountId(subscriber), account -> new long[5]);
            sum[0] += in.octets();
            sum[1] += out.octets();
            sum[2] += in.packets();
            sum[3] += out.packets();
            sum[4] += in.flows() + out.flows();
        }
    }

    long rows() {
        return rows;
    }

    /** Waits until all rows are applied, and compares every subscriber. */
    void compare(Collector collector) {
        collector.awaitRows(rows);
        assertThat(collector
                        .database()
                        .rows("SELECT account_id, SUM(bytes_in), SUM(bytes_out), SUM(packets_in), SUM(packets_out),"
                                + " SUM(flows) FROM usage_hourly GROUP BY account_id ORDER BY account_id"))
                .containsExactlyElementsOf(lines());
    }

    /** Returns for every subscriber who moved something account, octets in and out, packets in and out, and flows. */
    List<String> lines() {
        return sums.entrySet().stream()
                .filter(entry -> entry.getValue()[4] > 0)
                .map(entry -> entry.getKey()
                        + Arrays.stream(entry.getValue())
                                .mapToObj(sum -> "|" + sum)
                                .reduce("", String::concat))
                .toList();
    }
}
