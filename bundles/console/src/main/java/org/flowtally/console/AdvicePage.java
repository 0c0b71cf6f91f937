// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.io.PrintStream;
import java.util.List;
import org.flowtally.api.decode.ExporterAdvice;
import org.flowtally.api.flow.Exporter;

/** What exporters should send differently, exporter by exporter. */
final class AdvicePage {
    private static final String PROBLEM = "  problem  ";
    private static final String BETTER = "  better   ";
    private static final String REMEDY = "           -> ";

    private AdvicePage() {}

    static void print(List<ExporterAdvice> advice, int exporters, PrintStream out) {
        if (advice.isEmpty()) {
            out.println("nothing to advise: exporters=" + exporters);
            return;
        }
        Exporter under = advice.get(0).exporter();
        head(under, out);
        for (ExporterAdvice each : advice) {
            if (!each.exporter().equals(under)) {
                under = each.exporter();
                head(under, out);
            }
            String template = each.template() == ExporterAdvice.NO_TEMPLATE ? "" : "template " + each.template() + " ";
            Lines.print(each.problem() ? PROBLEM : BETTER, template + each.finding(), out);
            Lines.print(REMEDY, each.remedy(), out);
        }
    }

    private static void head(Exporter exporter, PrintStream out) {
        out.println(exporter.sender() + " (endpoint " + exporter.endpoint() + ", version " + exporter.version()
                + ", domain " + exporter.domain() + ")");
    }
}
