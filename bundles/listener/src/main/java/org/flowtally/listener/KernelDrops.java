// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flowtally.lib.lookup.Address;

/**
 * The datagrams that the kernel dropped at the sockets of this process because their receive buffer was full: the last
 * column of {@code /proc/net/udp} and {@code /proc/net/udp6}. A socket is known by its local address and port and, as
 * another process may have shared them, by its inode among this process's descriptors.
 */
final class KernelDrops {
    /** What is said where the kernel does not tell. */
    static final long UNKNOWN = -1;

    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final Pattern SOCKET = Pattern.compile("socket:\\[(\\d+)]");
    private static final Address ANY_IPV4 = Address.parse("0.0.0.0");
    private static final Address ANY_IPV6 = Address.parse("::");
    private static final int LOCAL_ADDRESS = 1;
    private static final int INODE = 9;
    private static final int DROPS = 12;

    private final List<Path> tables;
    private final Path descriptors;

    KernelDrops() {
        this(List.of(Path.of("/proc/net/udp"), Path.of("/proc/net/udp6")), Path.of("/proc/self/fd"));
    }

    KernelDrops(List<Path> tables, Path descriptors) {
        this.tables = tables;
        this.descriptors = descriptors;
    }

    /** Returns the drops of this process's socket on an address since it was opened, or {@link #UNKNOWN}. */
    long at(Address address, int port) {
        Set<String> local = notations(address, String.format(Locale.ROOT, ":%04X", port));
        Set<String> own = inodes();
        long drops = UNKNOWN;
        for (Path table : tables) {
            for (String line : lines(table)) {
                String[] columns = BLANKS.split(line.strip(), -1);
                if (columns.length > DROPS
                        && local.contains(columns[LOCAL_ADDRESS])
                        && (own.isEmpty() || own.contains(columns[INODE]))) {
                    drops = Math.max(drops, 0) + Long.parseLong(columns[DROPS]);
                }
            }
        }
        return drops;
    }

    /** The JDK opens IPv6 sockets for IPv4 addresses as well, unless the host has no IPv6. */
    private static Set<String> notations(Address address, String port) {
        String whole = words(address.high(), address.low());
        String ipv4 = whole.substring(whole.length() - 8);
        if (address.equals(ANY_IPV4) || address.equals(ANY_IPV6)) {
            return Set.of("0".repeat(8) + port, "0".repeat(32) + port);
        }
        return address.isIpv4() ? Set.of(ipv4 + port, whole + port) : Set.of(whole + port);
    }

    /** The kernel writes addresses as words of 32 bits in its own order. */
    private static String words(long high, long low) {
        StringBuilder words = new StringBuilder(32);
        for (long word : new long[] {high >>> 32, high, low >>> 32, low}) {
            int own =
                    ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? Integer.reverseBytes((int) word) : (int) word;
            words.append(String.format(Locale.ROOT, "%08X", own));
        }
        return words.toString();
    }

    private static List<String> lines(Path table) {
        try {
            return Files.readAllLines(table, StandardCharsets.ISO_8859_1);
        } catch (IOException notHere) {
            return List.of(); // No such table: another operating system, or no IPv6.
        }
    }

    private Set<String> inodes() {
        Set<String> inodes = new HashSet<>();
        try (DirectoryStream<Path> links = Files.newDirectoryStream(descriptors)) {
            for (Path link : links) {
                inode(link, inodes);
            }
        } catch (IOException notHere) {
            return Set.of();
        }
        return inodes;
    }

    private static void inode(Path link, Set<String> inodes) {
        try {
            Matcher matcher = SOCKET.matcher(Files.readSymbolicLink(link).toString());
            if (matcher.matches()) {
                inodes.add(matcher.group(1));
            }
        } catch (IOException closedMeanwhile) {
            // Not a socket that is open now.
        }
    }
}
