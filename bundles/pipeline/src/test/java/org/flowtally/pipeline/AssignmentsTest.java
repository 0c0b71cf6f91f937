// SPDX-License-Identifier: Apache-2.0
package org.flowtally.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.flowtally.api.subscriber.AssignmentLoader;
import org.flowtally.api.subscriber.AssignmentStatus;
import org.flowtally.api.time.SystemClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AssignmentsTest {
    private final FakeDatabase database = new FakeDatabase();
    private final FakeLoader loader = new FakeLoader();
    private Pipeline pipeline;

    @BeforeEach
    void start() throws Exception {
        pipeline = new Pipeline(PipelineTest.SETTINGS, SystemClock.INSTANCE);
        pipeline.start();
    }

    @AfterEach
    void stop() {
        pipeline.stop();
    }

    @Test
    void readsTheTableAsSoonAsSomebodyTakesIt() {
        database.rows = List.of(List.of("10.0.0.0/24", "A1"), List.of("10.0.1.0/24", "A2"));
        pipeline.database().bind(database.dataSource());

        pipeline.assignments().bind(loader);

        await().until(() -> loader.loaded.size() == 1);
        assertThat(loader.loaded.get(0))
                .containsExactly(
                        Map.of("prefix", "10.0.0.0/24", "account_id", "A1"),
                        Map.of("prefix", "10.0.1.0/24", "account_id", "A2"));
        assertThat(database.asked).containsEntry("execute", "SELECT the table").containsEntry("setFetchSize", 1000);
        await().until(() -> database.closed.get() == database.opened.get());
    }

    @Test
    void readsItAgainForSomebodyNew() {
        pipeline.database().bind(database.dataSource());
        pipeline.assignments().bind(loader);
        await().until(() -> loader.loaded.size() == 1);

        FakeLoader swapped = new FakeLoader();
        pipeline.assignments().unbind(loader);
        pipeline.assignments().bind(swapped);

        await().until(() -> swapped.loaded.size() == 1);
    }

    @Test
    void triesAgainSoonWhileTheDatabaseIsAway() {
        database.away = true;
        pipeline.database().bind(database.dataSource());
        pipeline.assignments().bind(loader);
        await().until(() -> loader.failures.size() >= 2);
        assertThat(loader.failures)
                .allSatisfy(reason -> assertThat(reason).contains("the database of the test is away"));

        database.away = false;

        await().until(() -> loader.loaded.size() == 1);
    }

    @Test
    void tellsSomebodyNewAtOnceThatTheTableCannotBeRead() {
        pipeline.assignments().bind(loader);
        await().until(() -> !loader.failures.isEmpty());
        FakeLoader successor = new FakeLoader();

        pipeline.assignments().unbind(loader);
        pipeline.assignments().bind(successor);

        assertThat(successor.failures).first().asString().contains(loader.lastFailure);
    }

    @Test
    void saysThatThereIsNoDataSource() {
        pipeline.assignments().bind(loader);

        await().until(() -> !loader.failures.isEmpty());

        assertThat(loader.failures.get(0)).contains("the bundle storage is not active");
    }

    @Test
    void readsItOnDemandAndReturnsWhatIsInForce() {
        pipeline.database().bind(database.dataSource());
        pipeline.assignments().bind(loader);
        await().until(() -> loader.loaded.size() == 1);
        database.rows = List.of(List.of("10.0.0.0/24", "A1"));

        AssignmentStatus status = pipeline.reloadAssignments();

        assertThat(status.assignments()).isEqualTo(1);
        assertThat(loader.loaded).hasSize(2);
    }

    @Test
    void tellsWhoDemandsThatTheTableCouldNotBeRead() {
        database.away = true;
        pipeline.database().bind(database.dataSource());
        pipeline.assignments().bind(loader);

        assertThat(pipeline.reloadAssignments().lastFailure()).contains("away");
    }

    @Test
    void refusesADemandWhenNobodyTakesTheAssignments() {
        assertThatThrownBy(pipeline::reloadAssignments)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the bundle subscriber is not active");
    }

    @Test
    void followsTheDataSourceThatIsBound() throws Exception {
        SwitchedDataSource switched = new SwitchedDataSource();
        DataSource first = database.dataSource();
        DataSource second = database.dataSource();
        switched.bind(first);
        switched.bind(second);

        switched.unbind(first);

        assertThat(switched.getConnection()).isNotNull();
        switched.unbind(second);
        assertThatThrownBy(switched::getConnection).hasMessageContaining("no data source");
    }

    private static final class FakeLoader implements AssignmentLoader {
        private final List<List<Map<String, Object>>> loaded = Collections.synchronizedList(new ArrayList<>());
        private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
        private final AtomicInteger assignments = new AtomicInteger();
        private volatile String lastFailure = "";

        @Override
        public String statement() {
            return "SELECT the table";
        }

        @Override
        public AssignmentStatus load(Iterator<Map<String, Object>> rows) {
            List<Map<String, Object>> taken = new ArrayList<>();
            rows.forEachRemaining(taken::add);
            assignments.set(taken.size());
            lastFailure = "";
            loaded.add(taken);
            return status();
        }

        @Override
        public void failed(String reason) {
            lastFailure = reason;
            failures.add(reason);
        }

        @Override
        public AssignmentStatus status() {
            return new AssignmentStatus(
                    AssignmentStatus.Source.DATABASE,
                    Optional.empty(),
                    assignments.get(),
                    0,
                    0,
                    0,
                    List.of(),
                    lastFailure);
        }
    }
}
