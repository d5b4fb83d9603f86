#!/usr/bin/env bash
# Tries presskit on releases of Debian, each made from nothing with its own Python and Pango: a step that is missing
# from the Makefile, or a library that is newer than those at hand, shows here.
#
#     tests/systems.sh RELEASE:WHAT …     WHAT: kit, core (kit, and a core of tests) or test (kit, and all tests)
#
# Needs root, debootstrap and some 4 GB below SYSTEMS_FOLDER (default: /var/tmp/presskit-systems). What is committed is
# tried. What this machine's pip and TLS need to reach an index is lent to the systems.
set -euo pipefail
cd "$(dirname "$0")/.."

FOLDER=${SYSTEMS_FOLDER:-/var/tmp/presskit-systems}
# Processes, fonts, rendering, merging, the wheel: what another system changes.
CORE="tests/base/test_forkserver.py tests/base/test_worker.py tests/rendering/test_render.py tests/test_kit.py tests/binding/test_bind.py tests/test_wheel.py tests/cli/test_commands.py"
# They need no office suite and no browser.
CORE_PACKAGES="poppler-utils qpdf"

if [ "$(id -u)" != 0 ]; then
    echo "NOT TRIED: making a system needs root." >&2
    exit 1
fi

lent() {
    env | grep -E '^(PIP_(CERT|INDEX_URL|EXTRA_INDEX_URL|DEFAULT_TIMEOUT|TRUSTED_HOST)|(SSL|REQUESTS|CURL)_[A-Z_]*|https?_proxy|no_proxy|HTTPS?_PROXY|NO_PROXY)=' || true
}

make_system() {
    local release=$1 root=$2
    rm -rf --one-file-system "$root"
    debootstrap --variant=minbase --include=make,python3,ca-certificates "$release" "$root" >"$root.log" 2>&1 ||
        { tail -5 "$root.log" >&2; return 1; }
    # A mirror of testing may be some days behind.
    echo 'Acquire::Check-Valid-Until "false";' >"$root/etc/apt/apt.conf.d/90presskit"
    for file in /etc/ssl/certs/ca-certificates.crt /etc/pip.conf; do
        if [ -f "$file" ]; then cp "$file" "$root$file"; fi
    done
    cp /etc/resolv.conf /etc/hosts "$root/etc/"
    git clone -q . "$root/presskit/main"
    if [ -d ../shared ]; then cp -r ../shared "$root/presskit/shared"; fi
}

# Runs a command in a system, with processes and devices of its own; all of them end with it.
within() {
    local root=$1
    shift
    # shellcheck disable=SC2046
    unshare --mount --pid --fork --kill-child bash -euc '
        root=$1; shift
        mount --make-rprivate /
        mount -t proc proc "$root/proc"
        mount -t tmpfs tmpfs "$root/dev"
        mkdir "$root/dev/pts" "$root/dev/shm"
        mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
        mount -t tmpfs tmpfs "$root/dev/shm"
        ln -s pts/ptmx "$root/dev/ptmx"; ln -s /proc/self/fd "$root/dev/fd"
        for device in null zero full random urandom tty; do
            touch "$root/dev/$device"; mount --bind "/dev/$device" "$root/dev/$device"
        done
        exec chroot "$root" "$@"' bash "$root" \
        env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 CI="${CI:-}" $(lent) "$@"
}

try() {
    local release=$1 what=$2 root=$FOLDER/$1 began=$SECONDS
    mkdir -p "$FOLDER"
    make_system "$release" "$root"
    echo "== $release: made in $((SECONDS - began)) s"
    began=$SECONDS
    within "$root" make -C /presskit/main kit
    within "$root" sh -c '/presskit/main/.venv/bin/python --version; dpkg-query -W -f "\${Package} \${Version}\n" libpango-1.0-0'
    echo "== $release: a kit from nothing in $((SECONDS - began)) s"
    began=$SECONDS
    case $what in
    kit) return ;;
    core) within "$root" make -C /presskit/main test TESTS="$CORE" TEST_PACKAGES="$CORE_PACKAGES" ;;
    test) within "$root" make -C /presskit/main test ;;
    *) echo "What is “$what”? kit, core or test." >&2; return 2 ;;
    esac
    echo "== $release: $what passed in $((SECONDS - began)) s"
    rm -rf --one-file-system "$root"
}

for system in "$@"; do
    try "${system%%:*}" "${system##*:}"
done
