// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.instance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;

/** Karaf's shell over one ssh session, so that a command costs milliseconds instead of the start of a virtual machine. */
final class Shell implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final SshClient client = SshClient.setUpDefaultClient();
    private final ClientSession session;

    Shell(int port, String user, String password) throws IOException {
        client.setServerKeyVerifier((session, address, key) -> true);
        client.start();
        boolean open = false;
        try {
            session = client.connect(user, "127.0.0.1", port).verify(PATIENCE).getSession();
            session.addPasswordIdentity(password);
            session.auth().verify(PATIENCE);
            open = true;
        } finally {
            if (!open) {
                client.stop();
            }
        }
    }

    boolean isOpen() {
        return session.isOpen();
    }

    /**
     * Executes a command and returns what it printed, errors included.
     *
     * @throws IOException if the session ended before the command did; Karaf restarts its shell when features change
     */
    String execute(String command) throws IOException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (ChannelExec channel = newChannel(command)) {
            channel.setOut(output);
            channel.setErr(output);
            channel.open().verify(PATIENCE);
            if (channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), PATIENCE).contains(ClientChannelEvent.TIMEOUT)) {
                throw new IOException("command did not end: command=" + command + ", output=" + output);
            }
            if (channel.getExitStatus() == null) {
                throw new IOException("session ended before the command: command=" + command + ", output=" + output);
            }
        }
        return output.toString(StandardCharsets.UTF_8).replace("\r", "");
    }

    private ChannelExec newChannel(String command) throws IOException {
        try {
            return session.createExecChannel(command);
        } catch (IllegalStateException sessionEnds) {
            throw new IOException("session is being closed: command=" + command, sessionEnds);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (IOException failure) {
            throw new UncheckedIOException("session not closed", failure);
        } finally {
            client.stop();
        }
    }
}
