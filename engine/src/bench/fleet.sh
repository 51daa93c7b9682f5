#!/usr/bin/env bash
# A fleet whose devices hold one SSH host certificate each, on a devnet of its own: how fast the first apply is, and how
# fast a plan is that finds nothing to do.
#   engine/src/bench/fleet.sh [DEVICES-TO-APPLY [DEVICES-TO-PLAN]]        default: 1000 10000
# FLEET_RUNS says how often a plan is measured.
set -euo pipefail
home=$(cd "$(dirname "$0")/../../.." && pwd -P)
apply_devices=${1:-1000}
plan_devices=${2:-10000}
runs=${FLEET_RUNS:-5}
terraform_ms_a_thousand=2600 # `terraform plan` without changes, 1,000 terraform_data resources, two cores
TIMEFORMAT='%R %U %S'

"$home/dvault" version > /dev/null # builds when needed
java=$(sed -n 3p "$home/engine/target/dist/java") # the one that the launcher found
folder=$(mktemp -d)
export XDG_CACHE_HOME=$folder/cache # what is remembered of checked devices goes with the rest
devnet=
stop() {
  [ -z "$devnet" ] || { kill "$devnet" 2> /dev/null && wait "$devnet" 2> /dev/null || true; }
  devnet=
}
trap 'stop; rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM

dvault() { "$home/dvault" --chdir "$fleet" "$@"; }

# Sets real (ms of wall time) and cpu (ms of user and system) of a command; what it prints goes to $fleet.log.
measure() {
  local times
  times=$({ time "$@" > "$fleet.log" 2>&1; } 2>&1) || { cat "$fleet.log" >&2; return 1; }
  read -r real cpu < <(awk '{printf "%d %d\n", $1 * 1000, ($2 + $3) * 1000}' <<< "$times")
}

# The log without the bars, without what is said of single devices.
told() { grep -E '^  (issue|publish|commit) |^Time:|^Plan:|^No changes|complete' "$fleet.log" | sed 's/^ */    /'; }

start() { # devices: a vault with a fleet that was never applied
  fleet=$folder/fleet-$1
  mkdir "$fleet"
  "$home/dvault" --chdir "$fleet" devnet --rpc-port 0 --gateway-port 0 > "$folder/devnet.log" 2>&1 &
  devnet=$!
  for ((i = 0; i < 300; i++)); do
    [ -e "$fleet/.dvault/devnet.json" ] && break
    kill -0 "$devnet" 2> /dev/null || { cat "$folder/devnet.log" >&2; exit 1; }
    sleep 0.1
  done
  export DVAULT_IDENTITY=$folder/identity.txt
  dvault init --devnet > /dev/null
  vault=$(sed -n 's/^ *id: *"\{0,1\}\(0x[0-9a-f]\{64\}\).*/\1/p' "$fleet/vault.yaml" | head -n 1)
  "$java" -cp "$home/engine/target/dist/lib/*" "$home/engine/src/bench/java/FleetMaker.java" "$fleet" "$1" "$vault"
  dvault authority create fleet-ssh > /dev/null
}

first_apply() { # devices
  measure dvault apply --auto-approve --timings
  awk -v n="$1" -v real="$real" -v cpu="$cpu" 'BEGIN {
    printf "first apply, %d devices: %.2f s of wall time, %.2f s of processor time; %.0f devices/s\n",
        n, real / 1000, cpu / 1000, n * 1000 / real }'
  told
}

plans() { # devices
  local all=() processor=()
  for ((i = 0; i < runs; i++)); do
    measure dvault plan --detailed-exitcode --timings # exit code 2, changes, would end the benchmark
    all+=("$real")
    processor+=("$cpu")
  done
  printf '%s\n' "${all[@]}" | sort -n | awk -v n="$1" -v terraform="$terraform_ms_a_thousand" \
      -v cpu="$(printf '%s\n' "${processor[@]}" | sort -n | head -n 1)" '
    { ms[NR] = $1 }
    END {
      printf "plan without changes, %d devices: best of %d %.2f s of wall time (median %.2f s), %.2f s of processor time\n",
          n, NR, ms[1] / 1000, ms[int((NR + 1) / 2)] / 1000, cpu / 1000
      printf "    terraform plan on 1000 resources takes %.1f s: %.2f times this one; each device %.0f times\n",
          terraform / 1000, terraform / ms[1], terraform / 1000 / (ms[1] / n) }'
  told
}

for devices in $(printf '%s\n' "$apply_devices" "$plan_devices" | sort -nu); do
  start "$devices"
  first_apply "$devices"
  plans "$devices"
  stop
done
