#!/usr/bin/env bash
# Write requirements/*.lock anew: exact versions with hashes, for running and for testing.
set -euo pipefail
cd "$(dirname "$0")/../requirements"
tools=$(mktemp -d)
trap 'rm -rf "$tools" runtime.in' EXIT
python3 -m venv "$tools"
"$tools/bin/pip" install -q pip-tools
python3 -c 'import tomllib
print("\n".join(tomllib.load(open("../pyproject.toml", "rb"))["project"]["dependencies"]))' > runtime.in
compile() { "$tools/bin/pip-compile" -q --generate-hashes --allow-unsafe --strip-extras --no-header \
    --no-emit-index-url --no-emit-find-links -o "$1" "$2"; }
compile runtime.lock runtime.in
compile test.lock test.in
compile checkers.lock checkers.in
