// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.flowtally.api.decode.ExporterAdvice;
import org.flowtally.api.decode.ExporterAdvice.Topic;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.flowtally.api.flow.Verdict;

/** Says what an exporter should send differently, from what was seen of it. For any thread. */
final class Adviser {
    /** How old a template may get while data needs it. */
    static final long TEMPLATE_MILLIS = 600_000;
    /** How long a flow may go on without a report, with a margin for the exporter's own clockwork. */
    static final long ACTIVE_MILLIS = 330_000;
    /** How many units may go missing, of a thousand. */
    static final int LOSS_PER_MILLE = 1;

    /** One datagram in so many may repeat a number. */
    private static final int REPEATED_SHARE = 20;

    private static final int V8 = 8;
    private static final int V9 = 9;
    private static final int IPFIX = 10;
    private static final String INTERFACES = "interfaces";
    private static final int NARROW_OCTETS = 4;
    private static final long MILLIS_PER_MINUTE = 60_000;
    private static final long TIMES = FlowField.ABSOLUTE_TIMES | FlowField.UPTIME_TIMES;

    private final Exporter exporter;
    private final ExporterFacts facts;
    private final List<ExporterAdvice> advice = new ArrayList<>();

    private Adviser(Exporter exporter, ExporterFacts facts) {
        this.exporter = exporter;
        this.facts = facts;
    }

    /** Returns the advice for an exporter, problems first. */
    static List<ExporterAdvice> of(Exporter exporter, ExporterFacts facts) {
        Adviser adviser = new Adviser(exporter, facts);
        adviser.ofPorts();
        for (Template each : facts.templates()) {
            if (!each.isOptions() && each.records() > 0) {
                adviser.ofTemplate(each);
            }
        }
        adviser.ofTransport();
        adviser.ofRecords();
        List<ExporterAdvice> inOrder = new ArrayList<>();
        adviser.advice.stream().filter(ExporterAdvice::problem).forEach(inOrder::add);
        adviser.advice.stream().filter(each -> !each.problem()).forEach(inOrder::add);
        return inOrder;
    }

    @SuppressWarnings("ReferenceEquality") // Only one stands for none.
    private void ofPorts() {
        PortTemplates.Clash clash = facts.clash();
        if (clash != PortTemplates.Clash.NONE) {
            problem(
                    clash.template(),
                    Topic.TEMPLATE_CLASH,
                    "two exporters are taken for one: source ports " + clash.port() + " and " + clash.otherPort()
                            + " take turns in redefining it; records before this was seen were read by the wrong layout",
                    "set exporter.key = address-port of the endpoint, or give each exporter a domain (source id) of its own");
        }
    }

    private void ofTemplate(Template template) {
        Program program = ProgramCompiler.forward(template);
        long fields = program.fields();
        int id = template.id();
        refresh(template);
        if (program.verdict() == Verdict.EVENT) {
            return;
        }
        if (program.verdict() == Verdict.AGGREGATED) {
            problem(
                    id,
                    Topic.AGGREGATED,
                    "prefixes without their lengths: its records name no subscriber and are not billed",
                    "add the prefix lengths (elements 9, 13, 29, 30), or the addresses");
            return;
        }
        List<String> missing = template.reading().baseFields().missing(fields);
        if (!missing.isEmpty()) {
            problem(
                    id,
                    Topic.MISSING_FIELDS,
                    "lacks " + String.join(", ", missing) + ": its " + template.records()
                            + " records are INCOMPLETE as far as they need it, and not billed",
                    "add the fields to the exporter's record, or take them out of base.fields");
        }
        times(template, fields);
        List<String> wanted = wanted(template, fields, missing);
        if (!wanted.isEmpty()) {
            better(
                    id,
                    Topic.WANTED_FIELDS,
                    "does not send " + String.join(", ", wanted),
                    wanted.get(0).endsWith(INTERFACES)
                            ? "add them; without interfaces no counting rule can tell where a flow crossed the router"
                            : "add them; usage is right without, the archive and look-ups know less");
        }
        counters(template);
    }

    private static List<String> wanted(Template template, long fields, List<String> missing) {
        List<String> wanted = new ArrayList<>();
        wanted(wanted, fields, FlowField.INTERFACES, INTERFACES);
        if (wanted.isEmpty() && template.find(Element.EGRESS_INTERFACE) < 0) {
            wanted.add("output " + INTERFACES);
        } else if (wanted.isEmpty() && template.find(Element.INGRESS_INTERFACE) < 0) {
            wanted.add("input " + INTERFACES);
        }
        wanted(wanted, fields, FlowField.PACKETS, "packets");
        wanted(wanted, fields, FlowField.PROTOCOL, "protocol");
        // Many exporters have a template of their own for ICMP, with type and code where others have ports.
        wanted(wanted, fields, FlowField.PORTS | FlowField.ICMP, "ports");
        wanted(wanted, fields, FlowField.TOS, "tos");
        wanted.removeAll(missing);
        return wanted;
    }

    private static void wanted(List<String> wanted, long fields, long field, String name) {
        if ((fields & field) == 0) {
            wanted.add(name);
        }
    }

    private void refresh(Template template) {
        long oldest = template.oldestUseMillis();
        if (oldest > TEMPLATE_MILLIS) {
            better(
                    template.id(),
                    Topic.TEMPLATE_REFRESH,
                    "was used " + minutes(oldest)
                            + " after it had come: a collector that starts anew reads nothing until"
                            + " it comes again",
                    "send templates every minute (template timeout, template refresh)");
        }
    }

    private void times(Template template, long fields) {
        if ((fields & TIMES) == 0) {
            problem(
                    template.id(),
                    Topic.TIMES,
                    "has no flow times: its flows are billed at their arrival",
                    "add start and end of the flow (elements 152 and 153, or 22 and 21)");
        } else if ((fields & FlowField.UPTIME_TIMES) != 0
                && exporter.version() == IPFIX
                && facts.bootMillis() == FlowBatch.NO_UPTIME) {
            problem(
                    template.id(),
                    Topic.TIMES,
                    "has flow times in uptime (22, 21), but when the exporter booted was never told: its flows are billed at"
                            + " their arrival",
                    "add systemInitTimeMilliseconds (160), or send absolute times (152, 153)");
        }
    }

    private void counters(Template template) {
        int delta = template.find(Element.OCTET_DELTA);
        int counter = delta >= 0 ? delta : template.find(Element.OCTET_TOTAL);
        if (counter >= 0 && template.length(counter) <= NARROW_OCTETS) {
            better(
                    template.id(),
                    Topic.NARROW_COUNTERS,
                    "counts octets in " + template.length(counter) + " octets, which wrap at "
                            + (template.length(counter) == NARROW_OCTETS ? "4 GiB" : "less than 4 GiB"),
                    "use 64-bit counters (counter bytes long), or an active timeout of a minute");
        }
        boolean hasOwn = counter >= 0 || template.find(Element.INITIATOR_OCTETS) >= 0;
        if (hasOwn
                && template.find(Element.POST_OCTET_DELTA) >= 0
                && template.reading().postCounters() == PostCounters.SPARE) {
            better(
                    template.id(),
                    Topic.POST_COUNTERS,
                    "counts octets behind the exporter (23) beside its own; they are billed only where its own are 0",
                    "if they count the answers, put " + exporter.address()
                            + " into post.counters.reverse; if what left is"
                            + " to be billed, into post.counters.instead");
        }
    }

    private void ofTransport() {
        if (facts.heldOctets() > 0) {
            problem(
                    ExporterAdvice.NO_TEMPLATE,
                    Topic.TEMPLATE_MISSING,
                    facts.heldOctets() + " octets of data wait for their template",
                    "send templates every minute; is the template sent to this collector too?");
        }
        long units = countsDatagrams() ? facts.datagrams() : facts.rows();
        if (facts.lost() > 0 && facts.lost() * 1000 > (units + facts.lost()) * LOSS_PER_MILLE) {
            problem(
                    ExporterAdvice.NO_TEMPLATE,
                    Topic.LOSS,
                    String.format(
                            Locale.ROOT,
                            "%.1f %% went missing on the way: %d %s",
                            100.0 * facts.lost() / (units + facts.lost()),
                            facts.lost(),
                            countsDatagrams() ? "packets" : "records"),
                    "look at flowtally:endpoints (kernel drops, hand-off), then at the path; export at an even pace");
        }
        if (facts.duplicates() > 0) {
            better(
                    ExporterAdvice.NO_TEMPLATE,
                    Topic.DUPLICATES,
                    facts.duplicates() + " datagrams came more than once and were billed once",
                    "look for a second export destination, a mirror port or a bonded link that repeats them");
        }
        if (facts.repeated() * REPEATED_SHARE > facts.datagrams()) {
            better(
                    ExporterAdvice.NO_TEMPLATE,
                    Topic.SEQUENCE,
                    facts.repeated()
                            + " datagrams have sequence numbers that others had: what went missing cannot be told",
                    "do two exporters share this address and domain, or does this one not count?");
        }
        if (facts.rule() != CountingRule.STANDARD) {
            better(
                    ExporterAdvice.NO_TEMPLATE,
                    Topic.SEQUENCE,
                    "its sequence numbers count " + counted() + ", not "
                            + (exporter.version() == V9 ? "packets (RFC 3954)" : "records before its own")
                            + "; what went missing is counted by that, and no usage is wrong",
                    "update the exporter if it can be: other collectors see losses that are none");
        }
        if (facts.damaged() > 0) {
            problem(
                    ExporterAdvice.NO_TEMPLATE,
                    Topic.DAMAGED,
                    facts.damaged() + " datagrams were cut off or contradicted themselves, and were not read",
                    "keep export datagrams below the MTU of the path; does anything else send to this port?");
        }
    }

    private boolean countsDatagrams() {
        return facts.rule() == CountingRule.DATAGRAMS
                || (facts.rule() == CountingRule.STANDARD && exporter.version() == V9);
    }

    private String counted() {
        return switch (facts.rule()) {
            case CountingRule.DATAGRAMS -> "packets";
            case CountingRule.AFTER -> "records, those of its own packet included";
            case CountingRule.WITH_TEMPLATES -> "records and templates";
            case CountingRule.AFTER_WITH_TEMPLATES -> "records and templates, those of its own packet included";
            default -> "records";
        };
    }

    private void ofRecords() {
        if (facts.longestFlowMillis() > ACTIVE_MILLIS) {
            better(
                    ExporterAdvice.NO_TEMPLATE,
                    Topic.ACTIVE_TIMEOUT,
                    "flows were reported after up to " + minutes(facts.longestFlowMillis())
                            + ": usage comes that late, spread evenly over the time of the flow",
                    "set the active timeout to 1 minute, at most 5");
        }
        if (facts.rateUnknown() > 0) {
            problem(
                    ExporterAdvice.NO_TEMPLATE,
                    Topic.SAMPLING,
                    facts.rateUnknown() + " rows name a sampler whose rate was not told",
                    "send sampler options every few minutes (option sampler-table), or set sampling.rate of the endpoint");
        }
        if (facts.incomplete() > 0) {
            problem(
                    ExporterAdvice.NO_TEMPLATE,
                    Topic.MISSING_FIELDS,
                    facts.incomplete() + " rows lacked one of base.fields = " + facts.baseFields()
                            + ", and were not billed",
                    "add the fields to the exporter's record, or take them out of base.fields");
        }
        int method = (int) exporter.domain() & 0xFF;
        if (exporter.version() == V8 && (method == 1 || method == 2 || method == 9 || method == 10)) {
            problem(
                    ExporterAdvice.NO_TEMPLATE,
                    Topic.AGGREGATED,
                    "v8 method " + method + " names no addresses: its records are not billed",
                    "export v5 or v9, or a method with destination addresses");
        }
    }

    private void problem(int template, Topic topic, String finding, String remedy) {
        advice.add(new ExporterAdvice(exporter, template, topic, true, finding, remedy));
    }

    private void better(int template, Topic topic, String finding, String remedy) {
        advice.add(new ExporterAdvice(exporter, template, topic, false, finding, remedy));
    }

    private static String minutes(long millis) {
        long minutes = (millis + MILLIS_PER_MINUTE / 2) / MILLIS_PER_MINUTE;
        return minutes + (minutes == 1 ? " minute" : " minutes");
    }
}
