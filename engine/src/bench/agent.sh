#!/usr/bin/env bash
# Measures one device with one SSH host certificate on a devnet: the time from the block of `dvault apply` to the
# installed files, with an agent that looks every POLL, and the memory and processor time of the idle agent. With a
# long POLL, only contract events wake the agent. EVENTS is the field of agent.yaml ("{from: []}" for none).
#   engine/src/bench/agent.sh [SECONDS-IDLE [POLL [EVENTS]]]        default: 60 1s {}
set -euo pipefail
home=$(cd "$(dirname "$0")/../../.." && pwd -P)
idle=${1:-60}
poll=${2:-1s}
events=${3:-"{}"}
rounds=5
"$home/dvault" version > /dev/null # builds when needed
"$home/dvault-agent" --help > /dev/null
folder=$(mktemp -d)
vault=$folder/fleet
root=$folder/drone-1
mkdir "$vault"
devnet=
agent=
stop() {
  for process in $agent $devnet; do
    kill "$process" 2> /dev/null && wait "$process" 2> /dev/null || true
  done
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT TERM
dvault() { "$home/dvault" --chdir "$vault" "$@"; }

wait_for() { # what, command…: half a minute at most
  for ((i = 0; i < 3000; i++)); do
    "${@:2}" && return 0
    sleep 0.01
  done
  echo "waited in vain for $1" >&2
  cat "$folder"/*.log >&2
  exit 1
}

"$home/dvault" --chdir "$vault" devnet --rpc-port 0 --gateway-port 0 > "$folder/devnet.log" 2>&1 &
devnet=$!
wait_for "the devnet" test -e "$vault/.dvault/devnet.json"
export DVAULT_IDENTITY=$folder/identity.txt
dvault init --devnet > /dev/null
sed -i 's/^spec:$/spec:\n  agents: {poll: 1s}/' "$vault/vault.yaml"
dvault anchor > "$folder/anchor.yaml"
mkdir -p "$vault/devices" "$vault/authorities"
"$home/dvault-agent" enroll --root "$root" --anchor "$folder/anchor.yaml" --name drone-1 > "$vault/devices/drone-1.yaml"
printf '%s\n' "poll: $poll" "events: $events" 'folders: [/etc/ssh/dvault]' > "$root/etc/dvault/agent.yaml"
cat > "$vault/authorities/fleet-ssh.yaml" << 'YAML'
apiVersion: dvault.io/v1
kind: Authority
metadata: {name: fleet-ssh}
spec: {type: ssh, key: {type: ed25519}}
YAML
cat > "$vault/ssh.yaml" << 'YAML'
apiVersion: dvault.io/v1
kind: SshCertificate
metadata: {name: sshd-host}
spec:
  authority: fleet-ssh
  type: host
  devices: {names: [drone-1]}
  principals: ["{device}.fleet.example"]
  ttl: 7d
  renewBefore: 2d
  install: {path: /etc/ssh/dvault}
YAML
dvault authority create fleet-ssh > /dev/null
"$home/dvault-agent" run --root "$root" > "$folder/agent.log" 2>&1 &
agent=$!

# Both ends are looked at from outside: the chain's newest block, asked for all the time, and the installed files.
rpc=$(grep -o 'http://127.0.0.1:[0-9]*' "$vault/vault.yaml" | head -n 1)
block() {
  curl -s -H 'content-type: application/json' "$rpc" \
    -d '{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber","params":[]}'
}
newer() { [ "$(block)" != "$1" ]; }
files() { { cat "$root"/etc/ssh/dvault/* 2> /dev/null || true; } | cksum; }
changed() { [ "$(files)" != "$1" ]; }
took=()
for ((round = 0; round < rounds; round++)); do
  before=$(files)
  height=$(block)
  replace=()
  [ "$round" = 0 ] || replace=(--replace SshCertificate/sshd-host@drone-1)
  dvault apply --auto-approve "${replace[@]}" > "$folder/apply.log" 2>&1 &
  apply=$!
  wait_for "the commit" newer "$height"
  committed=$(date +%s%3N)
  wait_for "the agent" changed "$before"
  took+=($(($(date +%s%3N) - committed)))
  wait "$apply"
done
printf '%s\n' "${took[@]}" | sort -n | awk -v poll="$poll" '{ ms[NR] = $1 } END {
  printf "from commit to installed, looking every " poll ": best %.2f s, median %.2f s, worst %.2f s of %d\n",
      ms[1] / 1000, ms[int((NR + 1) / 2)] / 1000, ms[NR] / 1000, NR }'

cpu() { awk '{ print $14 + $15 }' "/proc/$agent/stat"; }
before=$(cpu)
sleep "$idle"
awk -v idle="$idle" -v ticks=$(($(cpu) - before)) -v hertz="$(getconf CLK_TCK)" '/^VmRSS/ {
  printf "after %d s idle: %.0f MiB resident, %.2f s of processor time in it\n", idle, $2 / 1024, ticks / hertz
}' "/proc/$agent/status"
