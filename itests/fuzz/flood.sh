#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Sends so many million forged datagrams through the decoders, beside real ones: flood.sh 10. Prints what is known after each.
set -eu
millions=${1:?usage: flood.sh MILLIONS}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
(cd "$root" && mvn -q package -Dquick -pl itests/fuzz -am)
cd "$here"
exec java -Xmx512m -XX:+UseSerialGC -cp "target/classes:$(cat target/class-path)" org.flowtally.itests.fuzz.Flood "$millions"
