#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the captures of real exporters that the tests replay, and asks nfdump what it saw of them.

usage: make-captures.py OUTPUT_FOLDER [NAME...]

Needs softflowd, pmacctd, Open vSwitch, nfcapd and nfdump (Debian packages softflowd, pmacct, openvswitch-switch, nfdump). The
traffic is made up, from a fixed seed. softflowd (-a) and pmacctd read it from a pcap: times are those of the traffic. Open
vSwitch gets it packet by packet through its dummy data path, without the kernel: times are those of now. Everything runs on
the loopback interface, Open vSwitch with a database and sockets of its own.
"""
import os
import random
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

START = 1_774_090_710  # 2026-03-21 10:58:30 UTC: the traffic crosses the full hour.
TCP, UDP, ICMP = 6, 17, 1
ETHERNET = 14


def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    return ~((total & 0xFFFF) + (total >> 16) + (((total & 0xFFFF) + (total >> 16)) >> 16)) & 0xFFFF


def packet(protocol, source, destination, tos, layer4):
    head = struct.pack("!BBHHHBBH4s4s", 0x45, tos, 20 + len(layer4), 0, 0, 64, protocol, 0,
                       socket.inet_aton(source), socket.inet_aton(destination))
    head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
    return b"\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\0" + head + layer4


def tcp(source_port, destination_port, flags, octets):
    return struct.pack("!HHIIBBHHH", source_port, destination_port, 1, 1, 0x50, flags, 8192, 0, 0) + bytes(octets)


def udp(source_port, destination_port, octets):
    return struct.pack("!HHHH", source_port, destination_port, 8 + octets, 0) + bytes(octets)


def conversation(chance, packets):
    """Adds one conversation of a subscriber (100.64.0.0/10) with somebody on the Internet, or with a neighbour."""
    inside = "100.64.%d.%d" % (chance.randrange(4), chance.randrange(1, 40))
    outside = "203.0.113.%d" % chance.randrange(1, 200)
    if chance.random() < 0.1:
        outside = "100.64.%d.%d" % (chance.randrange(4), chance.randrange(40, 60))
    begin = chance.uniform(0, 200)
    length = chance.choice((0.02, 1, 8, 60))
    kind = chance.random()
    port = chance.randrange(32768, 60999)
    tos = chance.choice((0, 0, 0, 0xB8, 0x28))
    if kind < 0.6:
        server = chance.choice((443, 80, 22, 993))
        turns = chance.randrange(3, 40)
        for turn in range(turns):
            at = begin + length * turn / turns
            flags = 0x02 if turn == 0 else 0x11 if turn == turns - 1 else 0x18
            packets.append((at, packet(TCP, inside, outside, tos, tcp(port, server, flags, chance.randrange(0, 200)))))
            packets.append((at + 0.01, packet(TCP, outside, inside, tos,
                                              tcp(server, port, 0x12 if turn == 0 else flags, chance.randrange(0, 1400)))))
    elif kind < 0.9:
        for turn in range(chance.randrange(1, 6)):
            at = begin + length * turn / 6
            packets.append((at, packet(UDP, inside, outside, tos, udp(port, 53, chance.randrange(20, 60)))))
            packets.append((at + 0.02, packet(UDP, outside, inside, tos, udp(53, port, chance.randrange(40, 400)))))
    else:
        for turn in range(chance.randrange(1, 5)):
            at = begin + turn
            packets.append((at, packet(ICMP, inside, outside, 0, struct.pack("!BBHHH", 8, 0, 0, port, turn) + bytes(56))))
            answer = (0, 0) if chance.random() < 0.7 else (3, 3)
            packets.append((at + 0.03, packet(ICMP, outside, inside, 0,
                                              struct.pack("!BBHHH", *answer, 0, port, turn) + bytes(56))))


def write_pcap(path, link_type, packets):
    with open(path, "wb") as file:
        file.write(struct.pack("!IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, link_type))
        for at, octets in packets:
            micros = round(at * 1_000_000)
            file.write(struct.pack("!IIII", micros // 1_000_000, micros % 1_000_000, len(octets), len(octets)) + octets)


class Sink:
    """A socket that takes what an exporter sends."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(3)
        self.port = self.socket.getsockname()[1]

    def datagrams(self):
        datagrams = []
        try:
            while True:
                datagrams.append(self.socket.recv(9216))
        except socket.timeout:
            self.socket.close()
            return datagrams


def softflowd(traffic, packets, version, *arguments):
    """Lets softflowd read the traffic and returns the datagrams it sends."""
    sink = Sink()
    subprocess.run(["timeout", "30", "softflowd", "-r", traffic, "-n", "127.0.0.1:%d" % sink.port, "-v", version, "-a", "-d",
                    *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return sink.datagrams()


def nfprobe(traffic, packets, version, *more):
    """Lets pmacctd read the traffic and returns the datagrams that its plug-in nfprobe sends."""
    sink = Sink()
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as config:
        config.write("\n".join([
            "daemonize: false", "pcap_savefile: " + traffic, "plugins: nfprobe[a]", "plugin_buffer_size: 102400",
            "plugin_pipe_size: 10240000", "nfprobe_receiver: 127.0.0.1:%d" % sink.port, "nfprobe_version: " + version,
            "nfprobe_source_ip: 127.0.0.1", *more, ""]))
        config.flush()
        # It reports a lost connection to its own plug-in when that is done first.
        subprocess.run(["timeout", "30", "pmacctd", "-f", config.name], check=False, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
    return sink.datagrams()


def openvswitch(traffic, packets, table, *settings):
    """Lets a bridge of Open vSwitch forward the traffic and returns the datagrams it sends."""
    sink = Sink()
    with tempfile.TemporaryDirectory() as folder:
        env = dict(os.environ, OVS_RUNDIR=folder, OVS_LOGDIR=folder, OVS_DBDIR=folder, OVS_SYSCONFDIR=folder)

        def run(*command):
            subprocess.run(["timeout", "30", *command], check=True, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        def configure(*words):
            run("ovs-vsctl", "--db=unix:%s/db.sock" % folder, *words)

        def process(name):
            with open(os.path.join(folder, name)) as file:
                return int(file.read())

        run("ovsdb-tool", "create", folder + "/conf.db", "/usr/share/openvswitch/vswitch.ovsschema")
        run("ovsdb-server", folder + "/conf.db", "--remote=punix:%s/db.sock" % folder, "--pidfile=%s/db.pid" % folder,
            "--log-file=%s/db.log" % folder, "--unixctl=%s/db.ctl" % folder, "--detach")
        try:
            configure("--no-wait", "init")
            run("ovs-vswitchd", "unix:%s/db.sock" % folder, "--enable-dummy=override", "--disable-system",
                "--pidfile=%s/switch.pid" % folder, "--log-file=%s/switch.log" % folder,
                "--unixctl=%s/switch.ctl" % folder, "--detach")
            try:
                configure("add-br", "br0", "--", "set", "bridge", "br0", "datapath_type=dummy",
                          "--", "add-port", "br0", "p1", "--", "set", "interface", "p1", "type=dummy",
                          "--", "add-port", "br0", "p2", "--", "set", "interface", "p2", "type=dummy",
                          "--", "set", "bridge", "br0", table + "=@it", "--", "--id=@it", "create", table,
                          'targets="127.0.0.1:%d"' % sink.port, *settings)
                run("ovs-ofctl", "add-flow", folder + "/br0.mgmt", "in_port=p1,actions=output:p2")
                for first in range(0, len(packets), 60):
                    run("ovs-appctl", "-t", folder + "/switch.ctl", "netdev-dummy/receive", "p1",
                        *[octets.hex() for _, octets in packets[first:first + 60]])
                time.sleep(1)
                run("ovs-ofctl", "del-flows", folder + "/br0.mgmt")
                run("ovs-appctl", "-t", folder + "/switch.ctl", "revalidator/purge")
                time.sleep(2)
                configure("clear", "bridge", "br0", table)
                return sink.datagrams()
            finally:
                os.kill(process("switch.pid"), signal.SIGTERM)
                time.sleep(1)
        finally:
            os.kill(process("db.pid"), signal.SIGTERM)
            time.sleep(1)


def seen_by_nfdump(datagrams):
    """Replays the datagrams to nfcapd and returns what nfdump adds up."""
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        collector = subprocess.Popen(["nfcapd", "-w", folder, "-b", "127.0.0.1", "-p", str(port)],
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(2)
        for datagram in datagrams:
            sender.sendto(datagram, ("127.0.0.1", port))
            time.sleep(0.002)
        time.sleep(1)
        collector.terminate()
        collector.wait()
        info = subprocess.run(["nfdump", "-R", folder, "-I"], check=True, capture_output=True, text=True).stdout
        total = dict(re.findall(r"^(Flows|Packets|Bytes): (\d+)", info, re.M))
        return "flows=%s\npackets=%s\noctets=%s\n" % (total["Flows"], total["Packets"], total["Bytes"])


def main():
    output = sys.argv[1]
    names = sys.argv[2:]
    chance = random.Random(20260321)
    packets = []
    for _ in range(300):
        conversation(chance, packets)
    packets.sort(key=lambda each: each[0])
    with tempfile.TemporaryDirectory() as folder:
        traffic = os.path.join(folder, "traffic.pcap")
        write_pcap(traffic, 1, [(START + at, octets) for at, octets in packets])
        few = packets[:400]
        fields = "aggregate[a]: src_host, dst_host, src_port, dst_port, proto, tos, tcpflags"
        more_fields = fields + ", src_mac, dst_mac, in_iface, out_iface"
        for name, fed, exporter, arguments in (
                ("softflowd-v1", packets, softflowd, ("1", "-m", "12")),  # nfdump refuses v1 datagrams of more than 24 records.
                ("softflowd-v5", packets, softflowd, ("5", "-t", "maxlife=30")),
                ("softflowd-v5-sampled", [], softflowd, ("5", "-s", "10")),
                ("softflowd-v9", packets, softflowd, ("9", "-t", "maxlife=30")),
                ("softflowd-v9-sampled", [], softflowd, ("9", "-s", "10")),
                ("softflowd-ipfix", packets, softflowd, ("10", "-t", "maxlife=30")),
                ("softflowd-ipfix-nano", packets, softflowd, ("10", "-A", "nano")),
                ("softflowd-ipfix-biflow", packets, softflowd, ("10", "-b")),
                ("softflowd-ipfix-sampled", [], softflowd, ("10", "-s", "10")),
                ("nfprobe-v5", packets, nfprobe, ("5", fields)),
                ("nfprobe-v9", packets, nfprobe, ("9", more_fields)),
                ("nfprobe-ipfix", packets, nfprobe, ("10", more_fields)),
                ("openvswitch-v5", packets, openvswitch, ("netflow", "active_timeout=10")),
                ("openvswitch-ipfix", few, openvswitch, (
                    "ipfix", "obs_domain_id=123", "obs_point_id=456", "sampling=1", "cache_active_timeout=30",
                    "cache_max_flows=4096")),
        ):
            if names and name not in names:
                continue
            datagrams = exporter(traffic, fed or packets, *arguments)
            write_pcap(os.path.join(output, name + ".pcap"), 101,
                       [(START + 300, packet(UDP, "192.0.2.1", "192.0.2.2", 0, struct.pack("!HHHH", 40000, 2055, 8 + len(d), 0) + d)[14:])
                        for d in datagrams])
            if name != "openvswitch-ipfix":  # nfdump 1.7.1 sees a hundred times as much in it.
                with open(os.path.join(output, name + ".nfdump"), "w") as file:
                    file.write(seen_by_nfdump(datagrams))
            if fed:
                with open(os.path.join(output, name + ".traffic"), "w") as file:
                    file.write("packets=%d\noctets=%d\n" % (len(fed), sum(len(octets) - ETHERNET for _, octets in fed)))


main()
