#!/usr/bin/env bash
# Knocks at every port of Verdict from four places, and compares who was let in with who should be.
set -euo pipefail

detector="$(kubectl get pods --namespace verdict --selector app.kubernetes.io/name=verdict-detector \
  --output jsonpath='{.items[0].status.podIP}')"
[[ -n "$detector" ]] || { echo 'there is no detector to knock at' >&2; exit 1; }
for namespace in verdict guest monitoring stranger; do
  kubectl wait --namespace "$namespace" --for=condition=Ready --timeout=120s pods knocker
done

# Prints "open", "closed" (no answer within 4 s: a denied packet is dropped or refused), or fails.
knock() {
  kubectl exec --namespace "$1" knocker -- node --eval '
    const [host, port] = process.argv.slice(1);
    const socket = require("node:net").connect({ host, port: Number(port) });
    const say = (word) => { console.log(word); process.exit(0); };
    socket.on("connect", () => say("open"));
    socket.on("error", (error) => {
      if (error.code === "ENOTFOUND" || error.code === "EAI_AGAIN") { console.error(error.message); process.exit(1); }
      say("closed");
    });
    setTimeout(() => say("closed"), 4000);
  ' "$2" "$3"
}

address() {
  if [[ "$1" == detector ]]; then echo "$detector"; else echo "verdict-$1.verdict.svc.cluster.local"; fi
}

failures=0
# expect FROM open|closed PART:PORT …
expect() {
  local from="$1" wanted="$2" door said
  shift 2
  for door in "$@"; do
    said="$(knock "$from" "$(address "${door%:*}")" "${door#*:}")"
    echo "$from -> $door: $said"
    if [[ "$said" != "$wanted" ]]; then
      echo "::error::$from -> $door should be $wanted"
      failures=$((failures + 1))
    fi
  done
}

# What must be open comes first: doors that are all broken would look well guarded.
expect verdict open gateway:8080 postgres:5432 event-hubs:5672
expect guest open gateway:8080
expect monitoring open operator:8080 retrainer:8080 detector:8080
expect stranger closed gateway:8080 operator:8080 retrainer:8080 detector:8080 postgres:5432 event-hubs:5672
expect guest closed operator:8080 retrainer:8080 detector:8080 postgres:5432 event-hubs:5672
expect monitoring closed gateway:8080 postgres:5432 event-hubs:5672

echo "$failures doors were not as they should be"
[[ "$failures" -eq 0 ]]
