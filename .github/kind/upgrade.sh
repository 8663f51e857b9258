#!/usr/bin/env bash
# An upgrade to the same chart keeps the made-up secrets, and restarts no detector, gateway or embedded part.
set -euo pipefail

pods() {
  kubectl get pods --namespace verdict --selector "app.kubernetes.io/name in ($1)" \
    --output jsonpath='{range .items[*]}{.metadata.uid}{"\n"}{end}' | sort
}
kept='verdict-detector,verdict-postgres,verdict-event-hubs,verdict-operator,verdict-retrainer'
before="$(pods "$kept")"
template="$(kubectl get deployment verdict-gateway --namespace verdict --output jsonpath='{.spec.template}')"

helm upgrade verdict charts/verdict --namespace verdict --values .github/kind/values.yaml --atomic --timeout 5m

[[ "$(pods "$kept")" == "$before" ]] || { echo '::error::the upgrade restarted pods' >&2; exit 1; }
# The autoscaler may take gateway pods away meanwhile; what they are made of must be the same.
[[ "$(kubectl get deployment verdict-gateway --namespace verdict --output jsonpath='{.spec.template}')" == "$template" ]] ||
  { echo '::error::the upgrade changed the gateway' >&2; exit 1; }
helm test verdict --namespace verdict --timeout 5m
