// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.ComponentConstants;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/**
 * The suite's services, looked up when a command runs: a bundle that is being swapped makes a command say so, no more. A
 * service whose component failed to start is not asked for: that would start it again, with the same outcome and two stack
 * traces in the log.
 */
final class Services {
    private final BundleContext context;

    Services(BundleContext context) {
        this.context = context;
    }

    /** Asks a service, if it is there. */
    <S, A> Optional<A> ask(Class<S> type, Function<S, A> question) {
        if (failedProvider(type).isPresent()) {
            return Optional.empty();
        }
        return askProvider(type, question);
    }

    /** Returns the components of the suite that did not start. */
    List<FailedStart> failedStarts() {
        return askProvider(ServiceComponentRuntime.class, runtime -> FailedStart.among(context.getBundles(), runtime))
                .orElse(List.of());
    }

    private Optional<FailedStart> failedProvider(Class<?> type) {
        ServiceReference<?> reference = context.getServiceReference(type);
        if (reference == null) {
            return Optional.empty();
        }
        Object id = reference.getProperty(ComponentConstants.COMPONENT_ID);
        return failedStarts().stream()
                .filter(failed -> Long.valueOf(failed.id()).equals(id))
                .findFirst();
    }

    private <S, A> Optional<A> askProvider(Class<S> type, Function<S, A> question) {
        ServiceReference<S> reference = context.getServiceReference(type);
        if (reference == null) {
            return Optional.empty();
        }
        S service = context.getService(reference);
        if (service == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(question.apply(service));
        } finally {
            context.ungetService(reference);
        }
    }

    /**
     * Asks a service that the command cannot do without.
     *
     * @param bundle the bundle that provides it
     * @throws CommandRefused if it is away
     */
    <S, A> A require(Class<S> type, String bundle, Function<S, A> question) {
        return ask(type, question)
                .orElseThrow(() -> new CommandRefused(failedProvider(type)
                        .map(failed -> bundle + " is away: " + failed.reason())
                        .orElse(bundle
                                + " is away (stopped, or being swapped); try again, or look at: bundle:list -t 0")));
    }
}
