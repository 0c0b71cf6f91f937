// SPDX-License-Identifier: Apache-2.0
package org.flowtally.subscriber;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.flowtally.api.flow.FlowStage;
import org.flowtally.itests.sender.Population;
import org.flowtally.lib.lookup.Prefix;

/** The subscriber match without a container. */
public final class SubscriberOnBench {
    private SubscriberOnBench() {}

    /**
     * Returns a match that knows a population.
     *
     * @param folder where it keeps its copy of the assignments
     */
    public static FlowStage open(Population population, Path folder, InstantSource clock) {
        AssignmentBook book = new AssignmentBook(
                new SubscriberSettings(List.of(Prefix.parse(Population.HOME_NETWORK)), 400), folder, clock, () -> {});
        book.load(IntStream.range(0, population.size())
                .mapToObj(subscriber -> Map.<String, Object>of(
                        "realm",
                        "",
                        "prefix",
                        population.prefix(subscriber),
                        "account_id",
                        population.accountId(subscriber),
                        "service_id",
                        population.serviceId(subscriber),
                        "valid_from",
                        "2020-01-01 00:00:00"))
                .iterator());
        return new SubscriberStage(book);
    }
}
