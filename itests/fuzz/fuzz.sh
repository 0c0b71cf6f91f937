#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fuzzes all decoders for so many minutes: fuzz.sh 60. What it learned stays in target/corpus, findings in target/findings.
set -eu
minutes=${1:?usage: fuzz.sh MINUTES}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
(cd "$root" && mvn -q package -Dquick -pl itests/fuzz -am)
cd "$here"
exec java -cp "target/classes:$(cat target/class-path)" org.flowtally.itests.fuzz.Fuzzer target/corpus target/findings "$minutes"
