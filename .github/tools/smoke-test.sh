#!/usr/bin/env bash
# What a release must do at once: the tests of RELEASE inside the cluster, and, where people reach it at a URL, its door.
set -euo pipefail

helm test "${RELEASE:?}" --namespace "${NAMESPACE:?}" --timeout 5m
if [[ -z "${URL:-}" ]]; then
  echo '::warning::the stack has no host: the gateway was not asked from outside'
  exit 0
fi
ask() {
  local status
  status="$(curl --silent --show-error --max-time 15 --retry 12 --retry-delay 10 --retry-all-errors \
    --output /dev/null --write-out '%{http_code}' "${URL%/}$1")"
  echo "$1 $status"
  [[ "$status" == "$2" ]] || { echo "::error::$1 answered $status instead of $2"; return 1; }
}
ask /readyz 200
ask /anomalies 401
# The dashboard.
ask / 200
