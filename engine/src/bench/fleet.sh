#!/usr/bin/env bash
# Fleets whose devices hold one SSH host certificate each, on devnets of their own: how fast the first apply is, beside
# what it cannot do without (key pair, certificate and seal, in a loop right after it),
# and how fast a plan is that finds nothing to do, with nothing remembered (a fresh clone, a CI runner) and remembered,
# beside Terraform's for as many resources where it is on the PATH.
#   engine/src/bench/fleet.sh [DEVICES …]             default: 1000 10000; FleetMaker writes 1,000 devices a file
# FLEET_RUNS says how often each plan is measured; the best run counts, and 0 leaves the plans out. FLEET_PLANNED=1 plans
# before it applies, as people do: proofs that the plan has checked are not checked again. On a machine that
# does other things as well, believe processor time alone. That of devnet, gateway and chain is not counted.
set -euo pipefail
home=$(cd "$(dirname "$0")/../../.." && pwd -P)
runs=${FLEET_RUNS:-5}
terraform_ms_a_thousand=2600 # `terraform plan` without changes, 1,000 terraform_data resources, where it is not measured
terraform_where=elsewhere
goal_of_bouncy_castle=0.69 # an apply of 100,000 does 6,000 devices/s where BouncyCastle's bare loop does 8,700
TIMEFORMAT='%R %U %S'

"$home/dvault" version > /dev/null # builds when needed
java=$(sed -n 3p "$home/engine/target/dist/java") # the one that the launcher found
folder=$(mktemp -d)
exec {quiet}<> <(:) # see watched
export XDG_CACHE_HOME=$folder/cache # what is remembered goes with the rest
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

# Runs a command and leaves in the file "peak" how many MiB were resident at most: the launcher becomes the JVM, and the
# kernel keeps the highest value. It waits on a pipe that nothing comes out of: a `sleep` each time would count as well.
watched() {
  local pid line peak=0
  "$home/dvault" --chdir "$fleet" "$@" &
  pid=$!
  while kill -0 "$pid" 2> /dev/null; do
    while read -r line; do
      case $line in VmHWM:*) line=${line//[!0-9]/}; peak=$((line / 1024)) ;; esac
    done 2> /dev/null < "/proc/$pid/status" || true
    read -rt 0.05 -u "$quiet" || true
  done
  echo "$peak" > "$folder/peak"
  wait "$pid"
}

start() { # devices: a vault with a fleet that was never applied
  fleet=$folder/fleet-$1
  mkdir "$fleet"
  "$home/dvault" --chdir "$fleet" devnet --rpc-port 0 --gateway-port 0 > "$folder/devnet.log" 2>&1 &
  devnet=$!
  for ((i = 0; i < 600; i++)); do
    [ -e "$fleet/.dvault/devnet.json" ] && break
    kill -0 "$devnet" 2> /dev/null || { cat "$folder/devnet.log" >&2; exit 1; }
    sleep 0.1
  done
  export DVAULT_IDENTITY=$folder/identity.txt
  dvault init --devnet > /dev/null
  vault=$(sed -n 's/^ *id: *"\{0,1\}\(0x[0-9a-f]\{64\}\).*/\1/p' "$fleet/vault.yaml" | head -n 1)
  "$java" --enable-native-access=ALL-UNNAMED -cp "$home/engine/target/dist/lib/*" "$home/engine/src/bench/java/FleetMaker.java" "$fleet" "$1" "$vault"
  dvault authority create fleet-ssh > /dev/null
  git -C "$fleet" init -q
  git -C "$fleet" add -A
  git -C "$fleet" -c user.name=bench -c user.email=bench@example.org -c commit.gpgsign=false commit -qm fleet
}

first_apply() { # devices
  local what="first apply"
  if [ -n "${FLEET_PLANNED:-}" ]; then
    dvault plan > "$fleet.log"
    what="first apply, planned"
  fi
  measure watched apply --auto-approve --timings
  awk -v n="$1" -v what="$what" -v real="$real" -v cpu="$cpu" -v peak="$(cat "$folder/peak")" 'BEGIN {
    printf "%7d | %-26s | %7.2f s | %7.2f s | %4d MiB | %.0f devices/s, %.0f us a device\n",
        n, what, real / 1000, cpu / 1000, peak, n * 1000 / real, cpu * 1000 / n }'
  grep '^Time:' "$fleet.log" | sed 's/^/          /'
  local rate=$((${1} * 1000000 / real)) each=$((cpu * 1000 / ${1}))
  bare_loop "$home"/engine/target/dist/lib/*.jar \
    | awk -v rate="$rate" -v each="$each" -v goal="$goal_of_bouncy_castle" '{
      printf "          bare loop: %d devices/s, %d us a device; ", $1, $2
      printf "apply reaches %.2f of its rate, by processor time %.2f (goal of 100,000: %s)\n", rate / 1000 / $1, $2 / each, goal }'
}

bare_loop() { # jars…: prints devices a second and us a device
  "$java" -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -cp "$(printf '%s:' "$@")" \
    "$home/engine/src/bench/java/BareLoop.java" 10
}

# Terraform's own plan of 1,000 resources on this machine, in this run, the best of three.
terraform_plan() {
  command -v terraform > /dev/null || return 0
  local folder=$folder/terraform
  mkdir "$folder"
  printf 'resource "terraform_data" "x" {\n  count = 1000\n  input = "v-${count.index}"\n}\n' > "$folder/main.tf"
  { terraform -chdir="$folder" init && terraform -chdir="$folder" apply -auto-approve; } > "$folder/log" 2>&1 || return 0
  local best=0 fleet=$folder/main
  for ((i = 0; i < 3; i++)); do
    measure terraform -chdir="$folder" plan
    if [ "$best" -eq 0 ] || [ "$real" -lt "$best" ]; then best=$real; fi
  done
  terraform_ms_a_thousand=$best
  terraform_where=here
}

plans() { # devices, what is measured, whether the cache goes before each run
  local best=0 processor=0
  for ((i = 0; i < runs; i++)); do
    [ "$3" = warm ] || rm -rf "$XDG_CACHE_HOME"
    measure dvault plan --detailed-exitcode --timings # exit code 2, changes, would end the benchmark
    if [ "$best" -eq 0 ] || [ "$real" -lt "$best" ]; then best=$real; fi
    if [ "$processor" -eq 0 ] || [ "$cpu" -lt "$processor" ]; then processor=$cpu; fi
  done
  local where
  where=$(grep '^Time:' "$fleet.log")
  [ "$3" = warm ] || rm -rf "$XDG_CACHE_HOME"
  watched plan > "$fleet.log" 2>&1
  awk -v n="$1" -v what="$2" -v real="$best" -v cpu="$processor" -v peak="$(cat "$folder/peak")" \
      -v terraform="$terraform_ms_a_thousand" -v where="$terraform_where" -v key="$3" -v file="$folder/growth" 'BEGIN {
    growth = ""
    while ((getline line < file) > 0) {
      split(line, was, " ")
      if (was[1] == key) growth = sprintf("; %.1f times %d devices", real / was[3], was[2])
    }
    printf "%7d | %-26s | %7.2f s | %7.2f s | %4d MiB | a device %.0f times as fast as terraform %s%s\n",
        n, what, real / 1000, cpu / 1000, peak, terraform / 1000 / (real / n), where, growth
    printf "%s %d %d\n", key, n, real >> file }'
  printf '          %s\n' "$where"
}

[ "$runs" -eq 0 ] || terraform_plan
printf 'load before: %s\n' "$(cut -d' ' -f1-3 /proc/loadavg)"
printf 'devices | what                       |      wall | processor |     peak |\n'
for devices in $(printf '%s\n' "${@:-1000 10000}" | tr ' ' '\n' | sort -nu); do
  start "$devices"
  first_apply "$devices"
  if [ "$runs" -gt 0 ]; then
    plans "$devices" "plan, nothing remembered" cold
    plans "$devices" "plan, remembered" warm
  fi
  stop
done
