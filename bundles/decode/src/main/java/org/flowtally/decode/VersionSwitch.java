// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decode;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.flowtally.api.config.ConfigurationRejected;
import org.flowtally.api.datagram.Datagram;
import org.flowtally.api.datagram.DatagramBatch;
import org.flowtally.api.datagram.Octets;
import org.flowtally.api.decode.DatagramDecoder;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.decode.DecoderControl;
import org.flowtally.api.decode.DecoderStatus;
import org.flowtally.api.decode.ExporterAdvice;
import org.flowtally.api.decode.ExporterDirectory;
import org.flowtally.api.decode.ExporterStatus;
import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.api.decode.InterfaceStatus;
import org.flowtally.api.decode.TemplateStatus;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.Verdict;
import org.flowtally.api.time.SystemClock;
import org.flowtally.lib.lookup.Address;
import org.flowtally.lib.report.CounterArray;
import org.flowtally.lib.report.DataFolder;
import org.flowtally.lib.report.LastingCounters;
import org.flowtally.lib.report.QuietLog;
import org.flowtally.lib.report.Refusals;
import org.flowtally.lib.template.ExporterCounter;
import org.flowtally.lib.template.ExporterTable;
import org.flowtally.lib.template.HandOver;
import org.flowtally.lib.template.TemplateCounter;
import org.flowtally.lib.template.TemplateSpace;
import org.flowtally.lib.template.TrackedExporter;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The version switch: gives each datagram, with what is remembered of its exporter, to the decoder of its version.
 *
 * <p>The working thread holds the gate while it decodes, so a decoder comes and goes between two calls of
 * {@link #decode}. While a decoder is away to be replaced, a call waits for a moment and then returns without having got
 * on: the lane crosses its batch boundary and calls again, and no other stage is held up.
 */
@Component(
        service = {DatagramDecoder.class, ExporterDirectory.class, DecoderControl.class},
        configurationPid = DecodeSettings.PID,
        immediate = true)
@Designate(ocd = DecodeConfig.class)
@SuppressWarnings("EnumOrdinal") // The ordinals of results never leave this object's counters.
public final class VersionSwitch implements DatagramDecoder, ExporterDirectory, DecoderControl {
    private static final Logger LOG = LoggerFactory.getLogger(VersionSwitch.class);
    private static final int VERSION_OCTETS = 2;
    private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final DecodeResult[] RESULTS = DecodeResult.values();

    private final ReentrantLock gate = new ReentrantLock();
    private final Condition decodersChanged = gate.newCondition();
    private final DecoderSlots decoders;
    private final ExporterTable exporters;
    private final TemplateSpace templates;
    private final Datagram datagram = new Datagram();
    private final CounterArray datagramsByResult;
    private final CounterArray rowsDecoded;
    private final QuietLog quiet;
    private final LongSupplier nanos;
    private final SynchronousBundleListener uninstalls = this::bundleChanged;
    private ExporterKeeper keeper = ExporterKeeper.NONE;
    private KnownDecoders known = KnownDecoders.NONE;
    private OwnConfiguration configuration = OwnConfiguration.NONE;
    private volatile DecodeSettings settings;
    private TrackedExporter exporter = ExporterTable.NO_ROOM; // Of the datagram under way.

    /** Starts with a configuration that must be right. */
    @Activate
    public VersionSwitch(BundleContext context, DecodeConfig config, Map<String, Object> given) {
        this(DecodeSettings.of(config, given), context);
    }

    private VersionSwitch(DecodeSettings settings, BundleContext context) {
        this(settings, context, HandOver.take());
    }

    private VersionSwitch(DecodeSettings settings, BundleContext context, Optional<HandOver> left) {
        this(
                settings,
                SystemClock.INSTANCE,
                System::nanoTime,
                LastingCounters.of("decode.datagrams", RESULTS.length),
                LastingCounters.of("decode.rows", 1),
                left);
        context.addBundleListener(uninstalls);
        Path folder = DataFolder.of(context::getProperty).resolve("decode");
        keeper = new ExporterKeeper(folder, exporters, templates);
        keeper.start(left.isEmpty());
        known = new KnownDecoders(folder.resolve("decoders.properties"));
        known.stillInstalled(context.getBundles()).forEach(this::expect);
        configuration = OwnConfiguration.of(context);
    }

    VersionSwitch(
            DecodeSettings settings,
            InstantSource clock,
            LongSupplier nanos,
            CounterArray datagramsByResult,
            CounterArray rowsDecoded) {
        this(settings, clock, nanos, datagramsByResult, rowsDecoded, Optional.empty());
    }

    /** Goes on with what the version switch before it left, if there was one in this library's life. */
    VersionSwitch(
            DecodeSettings settings,
            InstantSource clock,
            LongSupplier nanos,
            CounterArray datagramsByResult,
            CounterArray rowsDecoded,
            Optional<HandOver> left) {
        this.settings = settings;
        this.nanos = nanos;
        this.datagramsByResult = datagramsByResult;
        this.rowsDecoded = rowsDecoded;
        templates = left.map(HandOver::space).orElseGet(() -> new TemplateSpace(settings.templates()));
        decoders = new DecoderSlots(left.map(HandOver::decoders).orElseGet(Map::of));
        exporters = left.map(HandOver::exporters).orElseGet(() -> new ExporterTable(settings.exporters(), templates));
        limit();
        quiet = new QuietLog(LOG, clock);
        decoders.disabled(settings.disabledDecoders());
    }

    @Modified
    void modified(DecodeConfig config, Map<String, Object> given) {
        try {
            settings = DecodeSettings.of(config, given);
            limit();
            switchOff(settings.disabledDecoders());
            LOG.info("configuration taken: {}", settings);
        } catch (ConfigurationRejected refused) {
            Refusals.note(refused, LOG);
        }
    }

    private void limit() {
        exporters.limits(settings.exporters());
        templates.limits(settings.templates());
        templates.rules(settings.reading());
    }

    @Deactivate
    void stop(BundleContext context) {
        context.removeBundleListener(uninstalls);
        gate.lock(); // What the working thread wrote last is seen, and nothing is decoded meanwhile.
        try {
            keeper.stop();
            handOver().leave();
        } finally {
            gate.unlock();
        }
    }

    /** Returns what the next version switch goes on with. */
    HandOver handOver() {
        return new HandOver(exporters, templates, decoders.counters());
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, unbind = "removeDecoder")
    void addDecoder(FlowDecoder decoder, ServiceReference<FlowDecoder> reference) {
        Bundle bundle = reference.getBundle();
        int ranking = reference.getProperty(Constants.SERVICE_RANKING) instanceof Integer given ? given : 0;
        offer(new DecoderSlot.Offer(decoder, bundle.getBundleId(), nameOf(bundle), ranking));
        known.came(decoder.version(), bundle.getSymbolicName());
    }

    private static String nameOf(Bundle bundle) {
        return bundle.getSymbolicName() + " " + bundle.getVersion();
    }

    /** Waits for a decoder that was there before this object was: both are being replaced at the same time. */
    private void expect(int version, Bundle bundle) {
        expect(version, bundle.getBundleId(), nameOf(bundle));
    }

    void expect(int version, long bundleId, String bundle) {
        gate.lock();
        try {
            decoders.forDecoder(version)
                    .expect(
                            bundleId,
                            bundle,
                            nanos.getAsLong() + settings.decoderWait().toNanos());
        } finally {
            gate.unlock();
        }
    }

    void offer(DecoderSlot.Offer offer) {
        int version = offer.decoder().version();
        gate.lock();
        try {
            decoders.forDecoder(version).offer(offer);
            decodersChanged.signalAll();
        } finally {
            gate.unlock();
        }
        LOG.info("decoder bound: version={}, bundle={}", version, offer.bundle());
    }

    void removeDecoder(FlowDecoder decoder) {
        int version = decoder.version();
        gate.lock();
        try {
            decoders.forDecoder(version)
                    .withdraw(
                            decoder, nanos.getAsLong() + settings.decoderWait().toNanos());
        } finally {
            gate.unlock();
        }
        LOG.info("decoder unbound: version={}", version);
    }

    /** A decoder whose bundle is stopped or updated is waited for, one whose bundle is uninstalled is not. */
    private void bundleChanged(BundleEvent event) {
        if (event.getType() == BundleEvent.UNINSTALLED) {
            uninstalled(event.getBundle().getBundleId());
        }
    }

    void uninstalled(long bundleId) {
        List<Integer> gone;
        gate.lock();
        try {
            gone = decoders.uninstalled(bundleId);
            decodersChanged.signalAll();
        } finally {
            gate.unlock();
        }
        gone.forEach(known::gone);
    }

    @Override
    public void disable(int version) {
        change(version, true);
    }

    @Override
    public void enable(int version) {
        change(version, false);
    }

    private void change(int version, boolean isOff) {
        String list = configuration.change(DecodeSettings.DISABLED, was -> {
            Set<Integer> versions = DecodeSettings.versions(was);
            if (isOff) {
                versions.add(version);
            } else {
                versions.remove(version);
            }
            return versions.stream().map(String::valueOf).collect(Collectors.joining(", "));
        });
        switchOff(DecodeSettings.versions(list)); // Now; the changed configuration comes in a moment.
        LOG.info("decoder switched: version={}, on={}", version, !isOff);
    }

    private void switchOff(Set<Integer> versions) {
        gate.lock();
        try {
            decoders.disabled(versions);
            decodersChanged.signalAll();
        } finally {
            gate.unlock();
        }
    }

    @Override
    public boolean decode(DatagramBatch datagrams, FlowBatch flows) {
        gate.lock();
        try {
            for (int at = datagrams.next(); at < datagrams.size(); at++) {
                if (!datagrams.isRefused(at) && !passes(datagrams, at, flows)) {
                    return false;
                }
            }
            datagrams.next(datagrams.size());
            return true;
        } finally {
            gate.unlock();
        }
    }

    /** Deals with one datagram; returns false if it is not done with and waits at the cursor of its batch. */
    private boolean passes(DatagramBatch datagrams, int at, FlowBatch flows) {
        datagram.view(datagrams, at);
        if (flows.remaining() == 0) {
            return false;
        }
        if (datagram.length() < VERSION_OCTETS) {
            count(DecodeResult.TRUNCATED);
            return true;
        }
        int version = Octets.u16(datagram.octets(), datagram.offset());
        DecoderSlot slot = decoders.of(version);
        if (slot.isDisabled() && datagram.resumeAt() == 0) {
            slot.countDatagram();
            count(DecodeResult.DECODER_DISABLED);
            return true;
        }
        FlowDecoder decoder = slot.decoder();
        if (decoder == DecoderSlot.NOBODY && !slot.isAwaited(nanos.getAsLong())) {
            slot.countDatagram();
            count(DecodeResult.UNSUPPORTED);
            return true;
        }
        if (!datagram.endpoint().versions().contains(version)) {
            count(DecodeResult.VERSION_NOT_ACCEPTED);
            return true;
        }
        if (decoder == DecoderSlot.NOBODY) {
            awaitDecoder(slot, flows);
            return false;
        }
        return decode(slot, decoder, flows);
    }

    /** Waits for a moment, unless there are rows that can go on already. */
    @SuppressWarnings("WaitNotInLoop") // The loop is the lane's: it calls again.
    private void awaitDecoder(DecoderSlot slot, FlowBatch flows) {
        if (flows.size() > 0) {
            return;
        }
        try {
            decodersChanged.awaitNanos(Math.min(WAIT_NANOS, slot.awayUntilNanos() - nanos.getAsLong()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt(); // The lane asks at its batch boundary.
        }
    }

    private boolean decode(DecoderSlot slot, FlowDecoder decoder, FlowBatch flows) {
        int fromRow = flows.size();
        DecodeResult result = attempt(decoder, flows);
        if (!exporter.isKnown() && exporter != ExporterTable.NO_ROOM) {
            meet(result, flows.size() > fromRow);
        }
        int rows = flows.size() - fromRow;
        if (rows > 0) {
            exporter.settle(flows, fromRow);
            slot.countRecords(rows);
            rowsDecoded.add(0, rows);
        }
        if (result == DecodeResult.SINK_FULL) {
            if (datagram.resumeAt() != 0 && (rows > 0 || fromRow > 0)) {
                return false;
            }
            result = failed(decoder, new IllegalStateException("SINK_FULL without getting on, rows=" + rows));
        }
        if (result != DecodeResult.DECODED && result != DecodeResult.WAITING_FOR_TEMPLATE) {
            discard(flows, fromRow);
            countFault(slot, result);
        }
        slot.countDatagram();
        count(result);
        return true;
    }

    /** A sender becomes known with its first datagram that is not damaged: until then it takes nobody's room. */
    private void meet(DecodeResult result, boolean hasRows) {
        boolean isDamaged = result == DecodeResult.TRUNCATED || result == DecodeResult.LENGTH_MISMATCH;
        if (hasRows || (!isDamaged && result != DecodeResult.DECODER_FAILED)) {
            exporters.admit(exporter);
        } else {
            exporters.discard(exporter);
        }
    }

    /** Finds the exporter and lets the decoder decode. */
    @SuppressWarnings("IllegalCatch") // A decoder that throws is a bug of its own; the lane goes on.
    private DecodeResult attempt(FlowDecoder decoder, FlowBatch flows) {
        exporter = ExporterTable.NO_ROOM;
        try {
            long domain = decoder.domain(datagram);
            if (domain == FlowDecoder.NO_DOMAIN) {
                return DecodeResult.TRUNCATED;
            }
            exporter = exporters.find(
                    datagram.endpoint(),
                    datagram.sourceHigh(),
                    datagram.sourceLow(),
                    datagram.sourcePort(),
                    decoder.version(),
                    domain,
                    datagram.receivedAtMillis());
            if (exporter == ExporterTable.NO_ROOM) {
                return DecodeResult.TOO_MANY_EXPORTERS;
            }
            if (datagram.resumeAt() == 0) {
                exporter.take(datagram);
            }
            return decoder.decode(datagram, exporter, flows);
        } catch (Throwable bug) {
            return failed(decoder, bug);
        }
    }

    private DecodeResult failed(FlowDecoder decoder, Throwable bug) {
        String name = decoder.getClass().getName();
        quiet.error(
                name + bug.getClass().getName(),
                "decoder failed, a bug: decoder={}, endpoint={}, address={}, length={}",
                name,
                datagram.endpoint().name(),
                new Address(datagram.sourceHigh(), datagram.sourceLow()),
                datagram.length(),
                bug);
        return DecodeResult.DECODER_FAILED;
    }

    private void countFault(DecoderSlot slot, DecodeResult result) {
        switch (result) {
            case TRUNCATED, LENGTH_MISMATCH -> {
                slot.countError();
                if (exporter != ExporterTable.NO_ROOM) {
                    exporter.damaged();
                }
            }
            case DECODER_FAILED -> slot.countError();
            default -> {
                // No fault of the datagram or its decoder: the total tells.
            }
        }
    }

    /** Rows that a decoder left when it failed are not believed, but they have been claimed and need their verdict. */
    private static void discard(FlowBatch flows, int fromRow) {
        for (int row = fromRow; row < flows.size(); row++) {
            flows.forget(row);
            flows.judge(row, Verdict.INCOMPLETE);
        }
    }

    private void count(DecodeResult result) {
        datagramsByResult.increment(result.ordinal());
    }

    @Override
    public List<ExporterStatus> exporters() {
        return exporters.statuses();
    }

    @Override
    public List<DecoderStatus> decoders() {
        return decoders.statuses(nanos.getAsLong());
    }

    @Override
    public Map<DecodeResult, Long> datagrams() {
        Map<DecodeResult, Long> datagrams = new EnumMap<>(DecodeResult.class);
        for (DecodeResult result : RESULTS) {
            if (result != DecodeResult.SINK_FULL) {
                datagrams.put(result, datagramsByResult.value(result.ordinal()));
            }
        }
        return datagrams;
    }

    @Override
    public Map<String, Long> templates() {
        Map<String, Long> counters = new LinkedHashMap<>();
        for (TemplateCounter counter : TemplateCounter.values()) {
            counters.put(counter.name(), templates.count(counter));
        }
        return counters;
    }

    @Override
    public List<TemplateStatus> knownTemplates() {
        return exporters.templates();
    }

    @Override
    public List<InterfaceStatus> interfaces() {
        return exporters.interfaces();
    }

    @Override
    public List<ExporterAdvice> advice() {
        return exporters.advice();
    }

    @Override
    public Map<String, Long> senders() {
        Map<String, Long> counters = new LinkedHashMap<>();
        counters.put("KNOWN", (long) exporters.size());
        for (ExporterCounter counter : ExporterCounter.values()) {
            counters.put(counter.name(), exporters.count(counter));
        }
        return counters;
    }

    @Override
    public long rowsDecoded() {
        return rowsDecoded.value(0);
    }
}
