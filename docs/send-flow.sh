#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Sends one NetFlow v5 flow to a collector on this machine, as a router would: a trial without a router.
set -euo pipefail

if [[ ${1:-} == --port ]]; then
    port=$2
    shift 2
fi
if (($# < 3)); then
    echo "Usage: docs/send-flow.sh [--port UDP_PORT] SOURCE DESTINATION OCTETS [PACKETS]" >&2
    exit 64
fi

# number OCTETS VALUE: big-endian, as escapes for printf.
number() {
    local shift
    for ((shift = ($1 - 1) * 8; shift >= 0; shift -= 8)); do
        printf '\\x%02x' $(($2 >> shift & 255))
    done
}

address() {
    local a b c d
    IFS=. read -r a b c d <<<"$1"
    number 4 $((a << 24 | b << 16 | c << 8 | d))
}

uptime=3600000 # Milliseconds since the router started; the flow began eleven seconds before the export.
header=$(number 2 5)$(number 2 1)$(number 4 $uptime)$(number 4 "$(date +%s)")$(number 4 0)
header+=$(number 4 0)$(number 2 0)$(number 2 0) # Sequence, engine, no sampling.
record=$(address "$1")$(address "$2")$(number 4 0)$(number 2 1)$(number 2 2)$(number 4 "${4:-1}")$(number 4 "$3")
record+=$(number 4 $((uptime - 11000)))$(number 4 $((uptime - 1000)))$(number 2 49152)$(number 2 443)
record+=$(number 1 0)$(number 1 24)$(number 1 6)$(number 1 0)$(number 4 0)$(number 1 24)$(number 1 24)$(number 2 0)

# One write is one datagram, but printf writes in lines and a 10 is the end of one: dd puts them together.
# shellcheck disable=SC2059 # The escapes are the datagram.
printf "$header$record" | dd bs=72 count=1 iflag=fullblock status=none >"/dev/udp/127.0.0.1/${port:-2055}"
