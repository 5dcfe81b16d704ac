#!/usr/bin/env bash
# Prints the path of a Python that can run this project, or says in one line how to get one.
# Usage: config/find-python.sh [candidate…]   (without candidates: PYTHON=, then the usual places)
set -euo pipefail

# A candidate is run and never only looked up: a version manager's shim exists and then exits 127.
PROBE='import sys, venv, ensurepip; assert sys.version_info >= (3, 12); print(sys._base_executable)'

works() { "$1" -c "$PROBE" 2>/dev/null; }

usual_places() {
    local directory name
    for name in python3.13 python3.12 python3.14 python3; do
        type -ap "$name" || true
    done
    for directory in "${PYENV_ROOT:-$HOME/.pyenv}/versions" "$HOME/.pyenv/versions" "$HOME/.local/share/uv/python"; do
        ls -1d "$directory"/*/bin/python3 2>/dev/null | sort -V || true
    done
    ls -1d /usr/bin/python3.1[2-9] /usr/local/bin/python3.1[2-9] 2>/dev/null || true
}

if [ "$#" -eq 0 ] && [ -n "${PYTHON:-}" ]; then
    if works "$PYTHON"; then exit 0; fi
    echo "PYTHON=$PYTHON cannot be used: it must start, be 3.12 or newer, and have the venv module." >&2
    exit 1
fi

if [ "$#" -gt 0 ]; then candidates=("$@"); else mapfile -t candidates < <(usual_places); fi
for candidate in "${candidates[@]}"; do
    if works "$candidate"; then exit 0; fi
done

for candidate in "${candidates[@]}"; do
    if "$candidate" -c 'import sys; assert sys.version_info >= (3, 12)' 2>/dev/null; then
        echo "$candidate has no venv module; install it: apt-get install python3-venv" >&2
        exit 3
    fi
done
echo "Python 3.12 or newer is needed and was not found (Debian 12 brings 3.11). Install one: apt-get install pipx && pipx run uv python install 3.13, or name yours: make run PYTHON=/path/to/python3.13" >&2
exit 1
