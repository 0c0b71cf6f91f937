// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the kernel says of a process: processor time of all its threads, the ended ones included, and what was dropped at a socket.
 *
 * @param processId the process
 */
record ProcessCost(long processId) {
    /** The unit of /proc/PID/stat, the same on every Linux. */
    private static final long NANOS_PER_TICK = 10_000_000;

    /** Returns user and system time used so far. */
    long cpuNanos() {
        return userNanos() + systemNanos();
    }

    /** Returns user time used so far. */
    long userNanos() {
        return field(14) * NANOS_PER_TICK;
    }

    /** Returns system time used so far. */
    long systemNanos() {
        return field(15) * NANOS_PER_TICK;
    }

    /** Returns the datagrams that the kernel dropped at the sockets of a UDP port; 0 if there is none. */
    static long kernelDrops(int port) {
        String local = ":%04X".formatted(port);
        long drops = 0;
        for (String table : new String[] {"/proc/net/udp", "/proc/net/udp6"}) {
            for (String line : read(Path.of(table)).lines().skip(1).toList()) {
                String[] columns = line.trim().split("\\s+", -1);
                if (columns[1].endsWith(local)) {
                    drops += Long.parseLong(columns[columns.length - 1]);
                }
            }
        }
        return drops;
    }

    private long field(int number) {
        String stat = read(Path.of("/proc", Long.toString(processId), "stat"));
        // Field 2 is the program's name in parentheses, which may hold anything.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[number - 3]);
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
        } catch (IOException failure) {
            throw new UncheckedIOException("not read: file=" + file, failure);
        }
    }
}
