#!/usr/bin/env bash
# Sets up whatever is missing: system libraries, the virtual environment, the locked packages.
# A second call finds the stamp and returns at once.
set -euo pipefail
cd "$(dirname "$0")/.."

LOCK=dev.lock
VENV=.venv
STAMP=$VENV/installed
LIBRARIES="libpango-1.0.so.0 libpangoft2-1.0.so.0 libharfbuzz-subset.so.0 libfontconfig.so.1"
LIBRARY_PACKAGES="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig"

say() { echo "setup: $*" >&2; }

stamp() {
    local version
    version=$("$VENV/bin/python" -c 'import sys; print(sys.version)' 2>/dev/null) || return 1
    { sha256sum <"$LOCK"; echo "$version"; }
}

is_done() {
    # With PYTHON= named, the environment must be of that version.
    [ -f "$STAMP" ] && [ "$(stamp)" = "$(cat "$STAMP")" ] && { [ -z "${PYTHON:-}" ] || same_version; }
}

same_version() {
    local ask='import sys; print(sys.version_info[:2])'
    [ "$("$PYTHON" -c "$ask" 2>/dev/null)" = "$("$VENV/bin/python" -c "$ask" 2>/dev/null)" ]
}

apt_install() {
    local as_root=""
    command -v apt-get >/dev/null || return 1
    if [ "$(id -u)" -ne 0 ]; then
        sudo -n true 2>/dev/null || return 1
        as_root="sudo -n"
    fi
    say "installing with apt: $*"
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq >&2 </dev/null || true
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2 </dev/null
}

ensure_python() {
    if [ -x "$VENV/bin/python" ] && "$VENV/bin/python" -c 'import sys; assert sys.version_info >= (3, 12)' 2>/dev/null &&
        { [ -z "${PYTHON:-}" ] || same_version; }; then
        return
    fi
    local python status=0 answer
    answer=$(mktemp)
    python=$(bash config/find-python.sh 2>"$answer") || status=$?
    if [ "$status" -eq 3 ] && apt_install python3-venv; then
        status=0
        python=$(bash config/find-python.sh 2>"$answer") || status=$?
    fi
    if [ "$status" -ne 0 ]; then
        cat "$answer" >&2
        rm -f "$answer"
        exit 1
    fi
    rm -f "$answer"
    say "virtual environment from $python"
    "$python" -m venv --clear "$VENV"
}

missing_libraries() {
    [ "$(uname -s)" = Linux ] || return 1
    ! "$VENV/bin/python" -c 'import ctypes, sys; [ctypes.CDLL(name) for name in sys.argv[1:]]' $LIBRARIES 2>/dev/null
}

ensure_libraries() {
    missing_libraries || return 0
    apt_install $LIBRARY_PACKAGES || true
    if missing_libraries; then
        say "PDFs need system libraries this script may not install; install them: apt-get install $LIBRARY_PACKAGES"
        exit 1
    fi
}

ensure_packages() {
    local installer=$VENV/installer.txt
    say "installing the packages of $LOCK"
    # The installer itself comes from the lock too, checked by hash.
    awk '/^uv==/ {on = 1} on {print} on && !/\\$/ {exit}' "$LOCK" >"$installer"
    if [ -s "$installer" ] && [ ! -x "$VENV/bin/uv" ]; then
        "$VENV/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r "$installer" >&2 || true
    fi
    if [ -x "$VENV/bin/uv" ] &&
        "$VENV/bin/uv" pip sync -q --compile-bytecode --python "$VENV/bin/python" --require-hashes "$LOCK" >&2; then
        return
    fi
    say "uv could not do it; trying pip"
    "$VENV/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r "$LOCK" >&2
}

is_done && exit 0
mkdir -p var
# Two terminals on a fresh clone take turns.
if command -v flock >/dev/null; then
    exec 9>var/setup.lock
    flock 9
    is_done && exit 0
fi
ensure_python
ensure_libraries
ensure_packages
stamp >"$STAMP"
say "ready"
