// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.io.PrintStream;
import java.util.function.Function;
import org.flowtally.api.endpoint.EndpointChange;
import org.flowtally.api.endpoint.EndpointEditor;
import org.osgi.framework.BundleContext;

/** A change of an endpoint's file, and what is said of it. */
final class EndpointEdit {
    private final BundleContext context;

    EndpointEdit(BundleContext context) {
        this.context = context;
    }

    /** Makes a change and prints what the key has now. */
    void print(String key, Function<EndpointEditor, EndpointChange> change) {
        print(change, made -> (key + " = " + made.value()).strip());
    }

    /** Removes an endpoint. */
    void printRemoval(String endpoint) {
        print(editor -> editor.delete(endpoint), made -> "removed");
    }

    private void print(Function<EndpointEditor, EndpointChange> change, Function<EndpointChange, String> whatIsNow) {
        EndpointChange made = new Services(context).require(EndpointEditor.class, "listener", change);
        PrintStream out = System.out;
        out.println(made.file());
        Lines.of(whatIsNow.apply(made), Listing.WIDTH).forEach(out::println);
        out.println(
                made.isInForce()
                        ? "in force"
                        : "written, but not in force yet; flowtally:endpoints and the log say why");
    }
}
