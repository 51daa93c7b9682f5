#!/usr/bin/env bash
# How long `dvault version` takes on a warm machine; goal: 0.15 s. Needs hyperfine.
#   engine/src/bench/start.sh [OPTIONS OF HYPERFINE]
set -euo pipefail
home=$(cd "$(dirname "$0")/../../.." && pwd -P)
command -v hyperfine > /dev/null || { echo "hyperfine is not on the PATH: apt install hyperfine" >&2; exit 1; }
"$home/dvault" version > /dev/null # builds when needed
exec hyperfine --warmup 5 --runs 30 "$@" "$home/dvault version" "$home/dvault plan --help"
