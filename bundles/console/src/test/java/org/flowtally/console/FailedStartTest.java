// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.flowtally.api.config.ConfigurationRejected;
import org.junit.jupiter.api.Test;

class FailedStartTest {
    @Test
    void findsTheRefusalInTheStackTrace() {
        ConfigurationRejected refused = new ConfigurationRejected("org.flowtally.a", "limit", "abc", "1..9");
        String trace = "java.lang.reflect.InvocationTargetException\n\tat A.b(A.java:1)\nCaused by: " + refused
                + "\n\tat A.c(A.java:2)\n\t... 3 more\n";

        FailedStart failed = FailedStart.of(7, "org.flowtally.a.A", trace);

        assertThat(failed.isRefusal()).isTrue();
        assertThat(failed.reason())
                .isEqualTo("configuration refused: component=org.flowtally.a, key=limit, value=abc, allowed=1..9");
    }

    @Test
    void namesTheRootOfAnyOtherFailure() {
        String trace = """
                java.lang.reflect.InvocationTargetException
                    at A.b(A.java:1)
                Caused by: java.io.UncheckedIOException: x
                    at A.c(A.java:2)
                Caused by: java.nio.file.AccessDeniedException: /data
                    at A.d(A.java:3)
                """;

        FailedStart failed = FailedStart.of(7, "org.flowtally.a.A", trace);

        assertThat(failed.isRefusal()).isFalse();
        assertThat(failed.reason())
                .isEqualTo("component did not start: component=org.flowtally.a.A,"
                        + " failure=java.nio.file.AccessDeniedException: /data");
    }

    @Test
    void bearsAFailureWithoutAReason() {
        assertThat(FailedStart.of(7, "a", null).reason()).endsWith("component=a, failure=unknown");
    }
}
