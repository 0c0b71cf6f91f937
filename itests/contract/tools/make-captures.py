#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the captures of softflowd that the tests replay, and asks nfdump what it saw of them.

usage: make-captures.py OUTPUT_FOLDER [NAME...]

Needs softflowd, nfcapd and nfdump (Debian packages softflowd, nfdump). The traffic is made up, from a fixed seed, and
written as a pcap that softflowd reads with -a: times are those of the traffic. Everything runs on the loopback interface.
"""
import os
import random
import re
import socket
import struct
import subprocess
import sys
import tempfile
import time

START = 1_774_090_710  # 2026-03-21 10:58:30 UTC: the traffic crosses the full hour.
TCP, UDP, ICMP = 6, 17, 1


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


def export(traffic, version, arguments):
    """Lets softflowd read the traffic and returns the datagrams it sends."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sink:
        sink.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        sink.bind(("127.0.0.1", 0))
        sink.settimeout(2)
        subprocess.run(["softflowd", "-r", traffic, "-n", "127.0.0.1:%d" % sink.getsockname()[1], "-v", version, "-a", "-d",
                        *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        datagrams = []
        try:
            while True:
                datagrams.append(sink.recv(9216))
        except socket.timeout:
            return datagrams


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
        for name, version, arguments in (
                ("softflowd-v1", "1", ("-m", "12")),  # nfdump refuses v1 datagrams of more than 24 records.
                ("softflowd-v5", "5", ("-t", "maxlife=30")),
                ("softflowd-v5-sampled", "5", ("-s", "10")),
        ):
            if names and name not in names:
                continue
            datagrams = export(traffic, version, arguments)
            write_pcap(os.path.join(output, name + ".pcap"), 101,
                       [(START + 300, packet(UDP, "192.0.2.1", "192.0.2.2", 0, struct.pack("!HHHH", 40000, 2055, 8 + len(d), 0) + d)[14:])
                        for d in datagrams])
            with open(os.path.join(output, name + ".nfdump"), "w") as file:
                file.write(seen_by_nfdump(datagrams))


main()
