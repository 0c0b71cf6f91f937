// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.bench;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.HashMap;
import java.util.Map;
import java.util.StringJoiner;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** What a running virtual machine says of itself over its local management port. */
final class VirtualMachineFacts implements AutoCloseable {
    private final JMXConnector connector;
    private final MBeanServerConnection server;
    private final com.sun.management.ThreadMXBean threads;
    private final Map<Long, Long> allocatedAtMark = new HashMap<>();
    private final Map<Long, Long> cpuAtMark = new HashMap<>();
    private final Map<String, Long> collectionsAtMark = new HashMap<>();
    private final Map<String, Long> pausesAtMark = new HashMap<>();

    @SuppressWarnings("BanJNDI") // The address comes from a process that this one started.
    VirtualMachineFacts(long processId) {
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(processId));
            try {
                connector = JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
            } finally {
                machine.detach();
            }
            server = connector.getMBeanServerConnection();
            threads = ManagementFactory.getPlatformMXBean(server, com.sun.management.ThreadMXBean.class);
        } catch (IOException | AttachNotSupportedException failure) {
            throw new IllegalStateException("virtual machine not reached: process=" + processId, failure);
        }
    }

    /** Begins a measurement. */
    void mark() {
        long[] ids = threads.getAllThreadIds();
        long[] allocated = threads.getThreadAllocatedBytes(ids);
        long[] cpu = threads.getThreadCpuTime(ids);
        for (int at = 0; at < ids.length; at++) {
            allocatedAtMark.put(ids[at], allocated[at]);
            cpuAtMark.put(ids[at], cpu[at]);
        }
        for (GarbageCollectorMXBean collector : collectors()) {
            collectionsAtMark.put(collector.getName(), collector.getCollectionCount());
            pausesAtMark.put(collector.getName(), collector.getCollectionTime());
        }
    }

    /** Returns the octets allocated since the mark, by the threads that live now. */
    long allocatedOctets() {
        long[] ids = threads.getAllThreadIds();
        long[] allocated = threads.getThreadAllocatedBytes(ids);
        long sum = 0;
        for (int at = 0; at < ids.length; at++) {
            sum += Math.max(0, allocated[at] - allocatedAtMark.getOrDefault(ids[at], 0L));
        }
        return sum;
    }

    /** Returns the threads that used most processor time and allocated most since the mark, one line each. */
    String busiestThreads(long rows) {
        record Use(String name, double cpuNanosPerRow, double octetsPerRow) {}
        long[] ids = threads.getAllThreadIds();
        long[] allocated = threads.getThreadAllocatedBytes(ids);
        long[] cpu = threads.getThreadCpuTime(ids);
        java.lang.management.ThreadInfo[] infos = threads.getThreadInfo(ids);
        StringJoiner text = new StringJoiner("\n");
        java.util.stream.IntStream.range(0, ids.length)
                .filter(at -> infos[at] != null)
                .mapToObj(at -> new Use(
                        infos[at].getThreadName(),
                        (double) (cpu[at] - cpuAtMark.getOrDefault(ids[at], 0L)) / rows,
                        (double) (allocated[at] - allocatedAtMark.getOrDefault(ids[at], 0L)) / rows))
                .sorted(java.util.Comparator.comparingDouble(Use::cpuNanosPerRow)
                        .reversed())
                .limit(8)
                .forEach(use -> text.add("    %6.1f ns/row %7.2f B/row  %s"
                        .formatted(use.cpuNanosPerRow(), use.octetsPerRow(), use.name())));
        return text.toString();
    }

    /** Returns collections and their time since the mark, and the heap in use. */
    String collections() {
        StringJoiner text = new StringJoiner(", ");
        for (GarbageCollectorMXBean collector : collectors()) {
            text.add("%s %d in %d ms"
                    .formatted(
                            collector.getName(),
                            collector.getCollectionCount() - collectionsAtMark.getOrDefault(collector.getName(), 0L),
                            collector.getCollectionTime() - pausesAtMark.getOrDefault(collector.getName(), 0L)));
        }
        try {
            MemoryMXBean memory = ManagementFactory.getPlatformMXBean(server, MemoryMXBean.class);
            text.add("heap %d of %d MiB"
                    .formatted(
                            memory.getHeapMemoryUsage().getUsed() >> 20,
                            memory.getHeapMemoryUsage().getCommitted() >> 20));
        } catch (IOException failure) {
            throw new UncheckedIOException("virtual machine not reached", failure);
        }
        return text.toString();
    }

    @Override
    public void close() {
        try {
            connector.close();
        } catch (IOException failure) {
            throw new UncheckedIOException("connection not closed", failure);
        }
    }

    private Iterable<GarbageCollectorMXBean> collectors() {
        try {
            return ManagementFactory.getPlatformMXBeans(server, GarbageCollectorMXBean.class);
        } catch (IOException failure) {
            throw new UncheckedIOException("virtual machine not reached", failure);
        }
    }
}
