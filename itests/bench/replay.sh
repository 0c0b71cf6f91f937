#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Measures the assembly under load; see README.md beside this file for the options.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
if [ ! -f "$here/target/class-path" ] || ! ls "$root"/karaf-assembly/target/*.tar.gz >/dev/null 2>&1; then
  (cd "$root" && mvn -q package -Dquick -pl itests/bench,karaf-assembly -am)
fi
cd "$here"
exec java -Xmx256m -XX:+UseSerialGC -Droot.folder="$root" -Dorg.slf4j.simpleLogger.defaultLogLevel=warn \
  -cp "target/classes:$(cat target/class-path)" org.flowtally.itests.bench.Replay "$@"
