// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.flowtally.api.decode.ExporterAdvice;
import org.flowtally.api.flow.Exporter;

/** What exporters should send differently, exporter by exporter; what holds of several templates is said once. */
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
        Map<Exporter, Map<ExporterAdvice, List<Integer>>> templates = advice.stream()
                .collect(groupingBy(
                        ExporterAdvice::exporter,
                        LinkedHashMap::new,
                        groupingBy(
                                AdvicePage::ofAnyTemplate,
                                LinkedHashMap::new,
                                mapping(ExporterAdvice::template, toList()))));
        templates.forEach((exporter, said) -> {
            head(exporter, out);
            said.forEach((each, ids) -> print(each, ids, out));
        });
    }

    private static ExporterAdvice ofAnyTemplate(ExporterAdvice each) {
        return new ExporterAdvice(
                each.exporter(),
                ExporterAdvice.NO_TEMPLATE,
                each.topic(),
                each.problem(),
                each.finding(),
                each.remedy());
    }

    private static void print(ExporterAdvice each, List<Integer> templates, PrintStream out) {
        int first = templates.get(0);
        String template = first == ExporterAdvice.NO_TEMPLATE ? "" : "template " + first + " ";
        String others = templates.stream().skip(1).map(String::valueOf).collect(joining(", "));
        String likewise = others.isEmpty() ? "" : "; likewise " + others;
        Lines.print(each.problem() ? PROBLEM : BETTER, template + each.finding() + likewise, out);
        Lines.print(REMEDY, each.remedy(), out);
    }

    private static void head(Exporter exporter, PrintStream out) {
        out.println(exporter.sender() + " (endpoint " + exporter.endpoint() + ", version " + exporter.version()
                + ", domain " + exporter.domain() + ")");
    }
}
