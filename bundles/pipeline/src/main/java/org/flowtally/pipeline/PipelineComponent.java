// SPDX-License-Identifier: Apache-2.0
package org.flowtally.pipeline;

import java.util.Map;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.flowtally.api.clock.HostClockProbe;
import org.flowtally.api.config.ConfigurationRejected;
import org.flowtally.api.decode.DatagramDecoder;
import org.flowtally.api.flow.FlowStage;
import org.flowtally.api.flow.StageName;
import org.flowtally.api.policy.DatagramAdmission;
import org.flowtally.api.status.LaneStatus;
import org.flowtally.api.status.PipelineStatus;
import org.flowtally.api.subscriber.AssignmentLoader;
import org.flowtally.api.subscriber.AssignmentReload;
import org.flowtally.api.subscriber.AssignmentStatus;
import org.flowtally.api.time.SystemClock;
import org.flowtally.api.usage.Retention;
import org.flowtally.api.usage.UsageLedger;
import org.flowtally.lib.report.Refusals;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pipeline as a component. Every service that the routes call comes through a dynamic reference, so that nothing
 * restarts when a bundle is swapped.
 */
@Component(
        configurationPid = PipelineSettings.PID,
        service = {PipelineStatus.class, AssignmentReload.class},
        immediate = true)
@Designate(ocd = PipelineConfig.class)
public final class PipelineComponent implements PipelineStatus, AssignmentReload {
    private static final Logger LOG = LoggerFactory.getLogger(PipelineComponent.class);

    private final Pipeline pipeline;
    private final BundleContext bundle;
    private final ServiceRegistration<CamelContext> published;

    /** Starts the routes and the lane; the lane waits for its stages. */
    @Activate
    public PipelineComponent(BundleContext bundle, PipelineConfig config, Map<String, Object> properties)
            throws Exception {
        this.bundle = bundle;
        pipeline = new Pipeline(PipelineSettings.of(config, properties), SystemClock.INSTANCE);
        pipeline.start();
        published = publish();
    }

    private ServiceRegistration<CamelContext> publish() {
        return bundle.registerService(
                CamelContext.class, pipeline.context(), FrameworkUtil.asDictionary(Map.of("flowtally", true)));
    }

    /** Takes another configuration, or keeps the one in force. */
    @Modified
    public void modified(PipelineConfig config, Map<String, Object> properties) {
        try {
            pipeline.change(PipelineSettings.of(config, properties));
        } catch (ConfigurationRejected refused) {
            Refusals.note(refused, LOG);
        }
    }

    /** Lets the listener close its sockets, works off what was received, and stops. */
    @Deactivate
    public void stop() {
        published.unregister();
        pipeline.stop();
    }

    @Override
    public LaneStatus lane() {
        return pipeline.status();
    }

    @Override
    public AssignmentStatus reload() {
        return pipeline.reloadAssignments();
    }

    @Reference(
            name = "admission",
            service = DatagramAdmission.class,
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindAdmission(DatagramAdmission service) {
        pipeline.stages().admission().bind(service);
    }

    void unbindAdmission(DatagramAdmission service) {
        pipeline.stages().admission().unbind(service);
    }

    @Reference(
            name = "decoder",
            service = DatagramDecoder.class,
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindDecoder(DatagramDecoder service) {
        pipeline.stages().decoder().bind(service);
    }

    void unbindDecoder(DatagramDecoder service) {
        pipeline.stages().decoder().unbind(service);
    }

    @Reference(
            name = "clockGuard",
            service = FlowStage.class,
            target = "(stage.name=" + StageName.CLOCK_GUARD + ")",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindClockGuard(FlowStage service) {
        pipeline.stages().clockGuard().bind(service);
    }

    void unbindClockGuard(FlowStage service) {
        pipeline.stages().clockGuard().unbind(service);
    }

    @Reference(
            name = "policy",
            service = FlowStage.class,
            target = "(stage.name=" + StageName.POLICY + ")",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindPolicy(FlowStage service) {
        pipeline.stages().policy().bind(service);
    }

    void unbindPolicy(FlowStage service) {
        pipeline.stages().policy().unbind(service);
    }

    @Reference(
            name = "subscriber",
            service = FlowStage.class,
            target = "(stage.name=" + StageName.SUBSCRIBER + ")",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindSubscriber(FlowStage service) {
        pipeline.stages().subscriber().bind(service);
    }

    void unbindSubscriber(FlowStage service) {
        pipeline.stages().subscriber().unbind(service);
    }

    @Reference(
            name = "accounting",
            service = FlowStage.class,
            target = "(stage.name=" + StageName.ACCOUNTING + ")",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindAccounting(FlowStage service) {
        pipeline.stages().accounting().bind(service);
    }

    void unbindAccounting(FlowStage service) {
        pipeline.stages().accounting().unbind(service);
    }

    @Reference(
            name = "ledger",
            service = UsageLedger.class,
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindLedger(UsageLedger service) {
        pipeline.housekeeping().bind(service);
    }

    void unbindLedger(UsageLedger service) {
        pipeline.housekeeping().unbind(service);
    }

    @Reference(
            name = "retention",
            service = Retention.class,
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindRetention(Retention service) {
        pipeline.housekeeping().bind(service);
    }

    void unbindRetention(Retention service) {
        pipeline.housekeeping().unbind(service);
    }

    @Reference(
            name = "hostClock",
            service = HostClockProbe.class,
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindHostClock(HostClockProbe service) {
        pipeline.housekeeping().bind(service);
    }

    void unbindHostClock(HostClockProbe service) {
        pipeline.housekeeping().unbind(service);
    }

    @Reference(
            name = "loader",
            service = AssignmentLoader.class,
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindLoader(AssignmentLoader service) {
        pipeline.assignments().bind(service);
    }

    void unbindLoader(AssignmentLoader service) {
        pipeline.assignments().unbind(service);
    }

    @Reference(
            name = "database",
            service = DataSource.class,
            target = "(osgi.jndi.service.name=flowtally)",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindDatabase(DataSource service) {
        pipeline.database().bind(service);
    }

    void unbindDatabase(DataSource service) {
        pipeline.database().unbind(service);
    }
}
