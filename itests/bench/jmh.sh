#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs the JMH benchmarks; arguments are JMH's own, for example: jmh.sh Decode -f 1
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
if [ ! -f "$here/target/class-path" ]; then
  (cd "$root" && mvn -q package -Dquick -pl itests/bench -am)
fi
cd "$here"
exec java -cp "target/classes:$(cat target/class-path)" org.openjdk.jmh.Main -prof gc "$@"
