#!/usr/bin/env bash
# Measures the floors of docs/performance.md, as ratios in one run, and prints them as a Markdown table.
#   engine/src/bench/floors.sh [PART …]      parts: start, fleets, demo; default: all of them
# Peers are taken from the PATH: terraform (or tofu) for plans, step for certificates. Rows of a missing peer are
# skipped by name. Single figures and where time goes are printed to stderr.
#   FLOORS_DVAULT=/other/clone/dvault   measure the program of another clone, with this clone's fleets and loop
#   FLOORS_RUNS=3                       how often each plan and command is measured; the shortest run counts
#   FLOORS_DEVICES="1000 10000 100000"  which fleets
# Exits with 1 if a floor was missed. Run it on a quiet machine; the load is printed below the table.
set -euo pipefail
home=$(cd "$(dirname "$0")/../../.." && pwd -P)
program=${FLOORS_DVAULT:-$home/dvault}
runs=${FLOORS_RUNS:-3}
sizes=${FLOORS_DEVICES:-1000 10000 100000}
parts=" ${*:-start fleets demo} "
processors=$(nproc)

"$home/dvault" version > /dev/null # builds when needed
"$program" version > /dev/null
folder=$(mktemp -d)
log=$folder/log
rows=$folder/rows
exec {quiet}<> <(:) # see watched
export XDG_CACHE_HOME=$folder/cache DVAULT_IDENTITY=$folder/identity.txt CHECKPOINT_DISABLE=1
devnet='' status=0 load=$(cut -d' ' -f1-3 /proc/loadavg)
stop_devnet() {
  [ -z "$devnet" ] || { kill "$devnet" 2> /dev/null && wait "$devnet" 2> /dev/null || true; }
  devnet=
}
trap 'stop_devnet; rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM

dvault() { "$program" --chdir "$fleet" "$@"; }
wanted() { [[ $parts == *" $1 "* ]]; }
note() { printf '%s\n' "$*" >&2; }
seconds() { awk -v us="$1" 'BEGIN { printf "%.2f s", us / 1e6 }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", a / b }'; }
thousands() { sed -E ':a; s/^([0-9]+)([0-9]{3})/\1,\2/; ta' <<< "$1"; }

row() { # what, value, "at most" or "at least", limit, unit: one row with its verdict
  local verdict
  verdict=$(awk -v value="$2" -v limit="$4" -v side="$3" 'BEGIN {
    print (side == "at most" ? value <= limit : value >= limit) ? "met" : "missed" }')
  [ "$verdict" = met ] || status=1
  printf '| %s | %s | %s %s %s | %s |\n' "$1" \
    "$(awk -v value="$2" -v unit="$5" 'BEGIN { printf unit == "MiB" ? "%.0f %s" : "%.2f %s", value, unit }')" \
    "$3" "$4" "$5" "$verdict" >> "$rows"
}
skip() { # what, floor, why
  printf '| %s | skipped: %s | %s | |\n' "$1" "$3" "$2" >> "$rows"
}

measure() { # command…: sets us; what the command prints goes to the log
  local start=${EPOCHREALTIME/[.,]/}
  "$@" > "$log" 2>&1 < /dev/null || { note "failed: $*"; cat "$log" >&2; return 1; }
  us=$((${EPOCHREALTIME/[.,]/} - start))
}
fastest() { # runs, command…: sets us to the shortest run; nothing is remembered from one run to the next
  local best=0 i
  for ((i = 0; i < $1; i++)); do
    rm -rf "$XDG_CACHE_HOME"
    measure "${@:2}"
    if ((best == 0 || us < best)); then best=$us; fi
  done
  us=$best
}

# Runs dvault and leaves in the file "peak" how many MiB were resident at most: the launcher becomes the JVM, and the
# kernel keeps the highest value. It waits on a pipe that stays empty: a `sleep` each time would take processor time.
watched() {
  local pid line peak=0
  "$program" --chdir "$fleet" "$@" &
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

start_devnet() { # sets fleet to an empty folder with a devnet, and java to the one that the launcher runs
  fleet=$folder/fleet-$1
  mkdir "$fleet"
  "$program" --chdir "$fleet" devnet --rpc-port 0 --gateway-port 0 > "$folder/devnet.log" 2>&1 &
  devnet=$!
  for ((i = 0; i < 600; i++)); do
    [ -e "$fleet/.dvault/devnet.json" ] && break
    kill -0 "$devnet" 2> /dev/null || { cat "$folder/devnet.log" >&2; exit 1; }
    sleep 0.1
  done
  java=$(readlink "/proc/$devnet/exe") # the launcher became the JVM
}
bench_java() { # file, arguments…
  "$java" -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -cp "$home/engine/target/dist/lib/*" \
    "$home/engine/src/bench/java/$1" "${@:2}"
}
make_fleet() { # devices: writes and commits the YAML of a vault that exists
  local vault
  vault=$(sed -n 's/^ *id: *"\{0,1\}\(0x[0-9a-f]\{64\}\).*/\1/p' "$fleet/vault.yaml" | head -n 1)
  bench_java FleetMaker.java "$fleet" "$1" "$vault"
}
commit_fleet() {
  git -C "$fleet" init -q
  git -C "$fleet" add -A
  git -C "$fleet" -c user.name=bench -c user.email=bench@example.org -c commit.gpgsign=false commit -qm fleet
}

command_on_ten() { # runs, name, command…: remembers the slowest
  fastest "$1" dvault "${@:3}"
  note "$2: $(seconds "$us")"
  commands=$((commands + 1))
  if ((us > slowest)); then slowest=$us slowest_name=$2; fi
}

measure_start() {
  local plain version commands=0 slowest=0 slowest_name='' i
  start_devnet 10
  fastest 10 "$java" -version
  plain=$us
  fastest 10 "$program" version
  version=$us
  row "\`version\` ÷ \`java -version\` ($((version / 1000)) ÷ $((plain / 1000)) ms)" \
    "$(ratio "$version" "$plain")" "at most" 5 ×
  command_on_ten 1 init init --devnet
  make_fleet 10
  cat > "$fleet/policy.yaml" << 'YAML'
apiVersion: dvault.io/v1
kind: TrustPolicy
metadata: {name: short-access}
spec: {rules: [{name: at-most-15m, when: change.kind == "Grant", require: change.ttl <= duration("15m")}]}
---
apiVersion: dvault.io/v1
kind: PolicyTest
metadata: {name: short-access}
spec: {cases: [{name: short, change: {kind: Grant, ttl: 5m}}]}
YAML
  command_on_ten 1 "authority create" authority create fleet-ssh
  commit_fleet
  ssh-keygen -q -t ed25519 -N '' -f "$folder/alice"
  command_on_ten "$runs" "plan, ten to issue" plan
  command_on_ten 1 "first apply" apply --auto-approve
  command_on_ten "$runs" plan plan --detailed-exitcode
  command_on_ten "$runs" validate validate
  command_on_ten "$runs" fmt fmt
  command_on_ten "$runs" "policy test" policy test
  command_on_ten "$runs" schema schema Device
  command_on_ten "$runs" graph graph
  command_on_ten "$runs" show show
  command_on_ten "$runs" log log
  command_on_ten "$runs" status status
  command_on_ten "$runs" anchor anchor
  command_on_ten "$runs" completion completion bash
  command_on_ten "$runs" "apply, one rotated" \
    apply --auto-approve --replace SshCertificate/sshd-host@drone-000001
  command_on_ten 1 grant grant alice --auto-approve --device drone-000001 --account ops --key "$folder/alice.pub" \
    --ttl 5m --reason bench
  command_on_ten 1 revoke revoke Grant/alice --auto-approve --reason bench
  stop_devnet
  row "slowest of $commands commands on ten devices, more than \`java -version\`: \`$slowest_name\`" \
    "$(ratio $((slowest - plain)) 1000000)" "at most" 0.9 s
}

terraform_plan() { # sets peer and peer_us: a plan without changes of 1,000 terraform_data
  local state=$folder/terraform
  peer=$(command -v terraform || command -v tofu) || { peer=; return 0; }
  mkdir "$state"
  printf 'resource "terraform_data" "x" {\n  count = 1000\n  input = "v-${count.index}"\n}\n' > "$state/main.tf"
  measure "$peer" -chdir="$state" init
  measure "$peer" -chdir="$state" apply -auto-approve
  fastest "$runs" "$peer" -chdir="$state" plan
  peer_us=$us peer=$(basename "$peer")
  note "$peer plan of 1,000 terraform_data: $(seconds "$us")"
}

# Prints certificates a second: a key and a host certificate by each process, as many at once as there are processors.
# The CA is one file (--offline), without a database, so that processes do not wait for each other.
step_rate() {
  local ca=$folder/step each=$((30 / processors + 1)) start i
  mkdir "$ca"
  (
    cd "$ca"
    export STEPPATH=$ca
    echo bench > password
    step ca init --ssh --deployment-type standalone --name bench --dns localhost --address 127.0.0.1:0 \
      --provisioner bench --password-file password --provisioner-password-file password > log 2>&1
    sed -i -e '1s/{/{"password": "bench",/' -e '/"db": {/,/}/d' config/ca.json
    start=${EPOCHREALTIME/[.,]/}
    for ((i = 0; i < processors; i++)); do
      for ((k = 0; k < each; k++)); do
        step ssh certificate --host --offline --provisioner bench --provisioner-password-file password \
          --no-password --insecure --force "drone-$i-$k" "key-$i-$k" > "log-$i" 2>&1 < /dev/null
      done &
    done
    wait
    [ "$(find . -name 'key-*-cert.pub' | wc -l)" -eq $((processors * each)) ] || { cat log* >&2; exit 1; }
    echo $((processors * each * 1000000 / (${EPOCHREALTIME/[.,]/} - start)))
  )
}

measure_apply() { # of 10,000, beside what it cannot do without and beside step
  local devices=10000 rate loop step what
  rate=$((devices * 1000000 / us))
  loop=$(bench_java BareLoop.java 10 | cut -d' ' -f1)
  row "first apply of 10,000 ÷ BouncyCastle's bare loop ($(thousands "$rate") ÷ $(thousands "$loop") devices/s)" \
    "$(ratio "$rate" "$loop")" "at least" 0.2 ×
  what="first apply of 10,000 ÷ \`step ssh certificate\`"
  if command -v step > /dev/null; then
    step=$(step_rate)
    row "$what ($(thousands "$rate") ÷ $step certificates/s)" "$(ratio "$rate" "$step")" "at least" 10 ×
  else
    skip "$what" "at least 10 ×" "step is not on the PATH"
  fi
  row "memory of the first apply of 10,000" "$(cat "$folder/peak")" "at most" 512 MiB
}

measure_plan() { # devices: nothing to do, nothing remembered
  local what limit previous=${plan_us:-0}
  fastest "$runs" dvault plan --detailed-exitcode --timings
  plan_us=$us
  rm -rf "$XDG_CACHE_HOME"
  watched plan > /dev/null 2>&1
  note "plan of $(thousands "$1"): $(seconds "$us"), $(cat "$folder/peak") MiB. $(grep '^Time:' "$log" || true)"
  what="plan of $(thousands "$1")"
  if [ "$1" -gt 10000 ]; then
    row "$what ÷ plan of 10,000 ($(seconds "$us") ÷ $(seconds "$previous"))" \
      "$(ratio "$us" "$previous")" "at most" 14 ×
    row "memory of the plan of $(thousands "$1")" "$(cat "$folder/peak")" "at most" 1536 MiB
    return 0
  fi
  limit=1
  [ "$1" -le 1000 ] || limit=2
  if [ -n "$peer" ]; then
    row "$what ÷ \`$peer plan\` of 1,000 ($(seconds "$us") ÷ $(seconds "$peer_us"))" \
      "$(ratio "$us" "$peer_us")" "at most" "$limit" ×
  else
    skip "$what ÷ \`terraform plan\` of 1,000 ($(seconds "$us"))" "at most $limit ×" \
      "neither terraform nor tofu is on the PATH"
  fi
}

measure_fleets() {
  local peer='' peer_us=0 plan_us='' devices
  terraform_plan
  for devices in $sizes; do
    start_devnet "$devices"
    dvault init --devnet > /dev/null
    make_fleet "$devices"
    dvault authority create fleet-ssh > /dev/null
    commit_fleet
    rm -rf "$XDG_CACHE_HOME"
    measure watched apply --auto-approve --timings
    note "first apply of $(thousands "$devices"): $(seconds "$us"), $(cat "$folder/peak") MiB." \
      "$(grep '^Time:' "$log" || true)"
    [ "$devices" -ne 10000 ] || measure_apply
    measure_plan "$devices"
    stop_devnet
    rm -rf "$fleet"
  done
}

measure_demo() {
  local fleet=$folder
  measure "$program" demo
  row "\`demo\`" "$(ratio "$us" 1000000)" "at most" 60 s
}

if wanted start; then measure_start; fi
if wanted fleets; then measure_fleets; fi
if wanted demo; then measure_demo; fi
printf '| what | measured | floor | verdict |\n|---|---|---|---|\n'
cat "$rows"
printf '\n%s, %s processors, %s. Load before: %s.\n' "$(date -u +%F)" "$processors" "$("$program" version)" "$load"
exit "$status"
