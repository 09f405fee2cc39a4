#!/usr/bin/env bash
# Look for what must be on the machine before anything is built, and install it where that is allowed.
#
#   tools/preflight.sh demo     what running needs: Python 3.11 or newer with venv, Pango, HarfBuzz
#   tools/preflight.sh test     that, and what the tests need: Chromium, pdfsig, qpdf, certutil, SoftHSM, clamd
#   tools/preflight.sh python   print the name of the Python to use
#
# On Debian and Ubuntu, as root or with sudo that asks no password, missing packages are installed. Elsewhere the one
# line that installs them is printed, and the exit code is 1.
set -euo pipefail

find_python() {
    local name
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    return 1
}

has_venv() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }
has_library() { "$1" -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$2" 2>/dev/null; }
has_command() {
    local name
    for name in "$@"; do command -v "$name" >/dev/null && return; done
    return 1
}

missing_for_running() {
    local python library
    if ! python=$(find_python); then
        echo python3 python3-venv
        return
    fi
    has_venv "$python" || venv_package "$python"
    [ "$(uname -s)" = Linux ] || return 0
    while read -r library package; do
        has_library "$python" "$library" || echo "$package"
    done <<'LIBRARIES'
libpango-1.0.so.0 libpango-1.0-0
libpangoft2-1.0.so.0 libpangoft2-1.0-0
libharfbuzz.so.0 libharfbuzz0b
libharfbuzz-subset.so.0 libharfbuzz-subset0
LIBRARIES
}

venv_package() { "$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'; }

missing_for_testing() {
    has_command chromium chromium-browser google-chrome || echo chromium
    has_command pdfsig || echo poppler-utils
    has_command pdftotext || echo poppler-utils
    has_command qpdf || echo qpdf
    has_command certutil || echo libnss3-tools
    has_command softhsm2-util || echo softhsm2
    has_command clamd /usr/sbin/clamd || echo clamav-daemon
}

# HarfBuzz was one package before it was split: leave out what this distribution does not have.
available() {
    local package
    for package in "$@"; do
        if apt-cache show "$package" >/dev/null 2>&1; then echo "$package"; fi
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_install() {
    has_command apt-get && { [ "$(id -u)" = 0 ] || { has_command sudo && sudo -n true 2>/dev/null; }; }
}

install() {
    echo "Installing what is missing: $*" >&2
    as_root apt-get update -qq >&2
    mapfile -t packages < <(available "$@")
    [ "${#packages[@]}" = 0 ] ||
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >&2
}

tell() {
    if has_command apt-get; then
        echo "Missing on this machine. Run: sudo apt-get install -y --no-install-recommends $*" >&2
    elif has_command brew; then
        echo "Missing on this machine. Run: brew install python@3.13 pango poppler qpdf nss softhsm clamav" >&2
    else
        echo "Missing on this machine, by the names of Debian: $*. Install them with your package manager." >&2
    fi
    exit 1
}

missing() {
    missing_for_running
    if [ "$1" = test ]; then missing_for_testing; fi
}

check() {
    mapfile -t wanted < <(missing "$1" | tr ' ' '\n' | sort -u)
    [ "${#wanted[@]}" = 0 ] && return
    may_install || tell "${wanted[@]}"
    install "${wanted[@]}" || tell "${wanted[@]}"
    mapfile -t still < <(missing "$1" | tr ' ' '\n' | sort -u)
    [ "${#still[@]}" = 0 ] || tell "${still[@]}"
}

case "${1:-}" in
    python) find_python || { echo "Python 3.11 or newer is needed." >&2; exit 1; } ;;
    demo | test) check "$1" ;;
    *) echo "usage: tools/preflight.sh demo|test|python" >&2; exit 2 ;;
esac
