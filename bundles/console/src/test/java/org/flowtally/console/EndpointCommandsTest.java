// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.flowtally.api.config.ConfigurationRejected;
import org.flowtally.api.decode.DecoderStatus;
import org.flowtally.api.endpoint.EndpointChange;
import org.flowtally.api.endpoint.EndpointEditor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EndpointCommandsTest {
    private static final List<Class<?>> COMMANDS = List.of(
            EndpointCreateCommand.class,
            EndpointAllowCommand.class,
            EndpointDenyCommand.class,
            EndpointWhitelistAddCommand.class,
            EndpointWhitelistRemoveCommand.class,
            EndpointSetCommand.class,
            EndpointRemoveCommand.class);

    private final Editor editor = new Editor();
    private final Suite suite = new Suite();

    @RegisterExtension
    final Shell shell = suite.shell().with(EndpointEditor.class, editor);

    @AfterEach
    void givesEveryServiceBack() {
        assertThat(shell.servicesInUse()).isZero();
    }

    @Test
    void everyCommandExplainsItselfAndItsArguments() throws ReflectiveOperationException {
        for (Class<?> command : COMMANDS) {
            assertThat(command).hasAnnotation(Service.class);
            assertThat(command.getConstructor()).isNotNull();
            assertThat(command.getAnnotation(Command.class).name()).startsWith("endpoint-");
            assertThat(command.getAnnotation(Command.class).description()).endsWith(".");
            for (var field : command.getDeclaredFields()) {
                Argument argument = field.getAnnotation(Argument.class);
                assertThat(argument == null || argument.description().endsWith("."))
                        .as(command.getSimpleName() + " " + field.getName())
                        .isTrue();
            }
        }
    }

    @Test
    void editsTheListsAndSaysWhatTheyAreNow() {
        List<String> prefixes = List.of("192.0.2.0/24");
        new EndpointAllowCommand(shell.context(), "edge", prefixes).execute();
        new EndpointDenyCommand(shell.context(), "edge", prefixes).execute();
        new EndpointWhitelistAddCommand(shell.context(), "edge", prefixes).execute();
        new EndpointWhitelistRemoveCommand(shell.context(), "edge", prefixes).execute();

        assertThat(editor.done)
                .containsExactly(
                        "add edge allowed.subnets [192.0.2.0/24]",
                        "remove edge allowed.subnets [192.0.2.0/24]",
                        "add edge whitelist.subnets [192.0.2.0/24]",
                        "remove edge whitelist.subnets [192.0.2.0/24]");
        assertThat(shell.lines()).startsWith("etc/x.cfg", "allowed.subnets = now", "in force");
    }

    @Test
    void theTabulatorKeyKnowsEndpointsTheirKeysAndTheVersionsOfDecoders() {
        for (int version : List.of(5, 10)) {
            suite.decoders.add(new DecoderStatus(version, "", DecoderStatus.State.ACTIVE, 0, 0, 0));
            assertThat(ExportVersion.parse(ExportVersion.name(version))).isEqualTo(version);
        }

        Services services = new Services(shell.context());
        assertThat(new EndpointNames().words(services)).containsExactly("default");
        assertThat(new EndpointKeys().words(services)).containsExactly("port", "realm");
        assertThat(new DecoderVersions().words(services)).containsExactly("v5", "ipfix");

        shell.withoutAny();

        assertThat(new EndpointNames().words(services)).isEmpty();
        assertThat(new EndpointKeys().words(services)).isEmpty();
        assertThat(new DecoderVersions().words(services)).isEmpty();
    }

    @Test
    void saysThatAWhitelistIsNotInUse() {
        new EndpointWhitelistAddCommand(shell.context(), "default", List.of("10.0.0.0/8")).execute();

        assertThat(shell.text())
                .contains("every flow counts all the same: flowtally:endpoint-set default whitelist.mode true");
    }

    @Test
    void makesSetsAndRemovesEndpoints() {
        new EndpointCreateCommand(
                        shell.context(),
                        "flows",
                        "4739",
                        List.of("transport=tcp", "allowed.subnets=192.0.2.0/24,::1", "tls.trust.file = a=b.pem"))
                .execute();
        new EndpointSetCommand(shell.context(), "flows", "realm", "").execute();
        new EndpointRemoveCommand(shell.context(), "flows").execute();

        assertThat(editor.done)
                .containsExactly(
                        "create flows {allowed.subnets=192.0.2.0/24,::1, port=4739, tls.trust.file=a=b.pem,"
                                + " transport=tcp}",
                        "set flows realm ",
                        "delete flows");
    }

    @Test
    void saysThatNobodyMaySendToANewEndpointYet() {
        new EndpointCreateCommand(shell.context(), "flows", "2055", List.of()).execute();

        assertThat(shell.text()).contains("nobody may send yet: flowtally:endpoint-allow flows PREFIX");
    }

    @Test
    void saysThatAChangeIsNotInForceYet() {
        editor.isInForce = false;

        new EndpointSetCommand(shell.context(), "edge", "port", "2056").execute();

        assertThat(shell.text()).contains("written, but not in force yet");
    }

    @Test
    void saysWhatIsWrong() {
        assertThatThrownBy(() -> new EndpointSetCommand(shell.context(), "edge", "port", "wrong").execute())
                .isInstanceOf(ConfigurationRejected.class)
                .hasMessageContaining("allowed=1..65535");
        assertThatThrownBy(() -> new EndpointCreateCommand(shell.context(), "x", "1", List.of("realm")).execute())
                .hasMessageContaining("a setting is KEY=VALUE");
        assertThatThrownBy(() -> new EndpointCreateCommand(shell.context(), "x", "1", List.of("port=2")).execute())
                .hasMessage("the port stands behind the name, and was given twice: 1, port=2");
        shell.without(EndpointEditor.class);
        assertThatThrownBy(() -> new EndpointRemoveCommand(shell.context(), "edge").execute())
                .hasMessageStartingWith("listener is away");
    }

    private static final class Editor implements EndpointEditor {
        final List<String> done = new ArrayList<>();
        boolean isInForce = true;

        private EndpointChange done(String what) {
            done.add(what);
            return new EndpointChange("etc/x.cfg", "now", isInForce);
        }

        @Override
        public List<String> keys() {
            return List.of("port", "realm");
        }

        @Override
        public EndpointChange create(String endpoint, Map<String, String> values) {
            return done("create " + endpoint + " " + new TreeMap<>(values));
        }

        @Override
        public EndpointChange set(String endpoint, String key, String value) {
            if (value.equals("wrong")) {
                throw new ConfigurationRejected("edge", key, value, "1..65535");
            }
            return done("set " + endpoint + " " + key + " " + value);
        }

        @Override
        public EndpointChange add(String endpoint, String key, List<String> prefixes) {
            return done("add " + endpoint + " " + key + " " + prefixes);
        }

        @Override
        public EndpointChange remove(String endpoint, String key, List<String> prefixes) {
            return done("remove " + endpoint + " " + key + " " + prefixes);
        }

        @Override
        public EndpointChange delete(String endpoint) {
            return done("delete " + endpoint);
        }
    }
}
