// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.sender;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits for points in time that lie microseconds apart without turning a processor into a heater: it sleeps almost all of the
 * time, which needs the kernel's leave to wake a thread on time, and turns only for the rest.
 */
final class Pacer {
    private static final long WAKE_UP_NANOS = 8_000;

    private Pacer() {}

    /** Asks the kernel not to delay the wake-ups of the calling thread, by default up to 50 microseconds. */
    static void wakeThisThreadOnTime() {
        try {
            Path self = Files.readSymbolicLink(Path.of("/proc/thread-self"));
            Files.writeString(Path.of("/proc", self.getFileName().toString(), "timerslack_ns"), "1");
        } catch (IOException | UnsupportedOperationException unsupported) {
            // Elsewhere than on Linux datagrams come in small groups instead of one by one.
            return;
        }
    }

    /** Returns once {@link System#nanoTime()} has reached a value; at once if it has already. */
    static void await(long nanoTime) {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            if (left > WAKE_UP_NANOS) {
                LockSupport.parkNanos(left - WAKE_UP_NANOS);
            } else {
                Thread.onSpinWait();
            }
        }
    }
}
