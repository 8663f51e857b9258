#!/usr/bin/env bash
# Asks the gateway more than one pod's worth of questions until its HorizontalPodAutoscaler wants a second pod.
set -euo pipefail

kubectl rollout status deployment metrics-server --namespace kube-system --timeout=180s
kubectl wait --namespace verdict --for=condition=ScalingActive --timeout=300s hpa --all

kubectl exec --namespace verdict knocker -- node --input-type=module --eval '
  const url = "http://verdict-gateway.verdict.svc.cluster.local:8080/healthz";
  const until = Date.now() + 420_000;
  let answers = 0;
  const ask = async () => {
    while (Date.now() < until) {
      const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) }).catch(() => undefined);
      await answer?.arrayBuffer().catch(() => undefined);
      answers += 1;
    }
  };
  await Promise.all(Array.from({ length: 32 }, ask));
  console.log(answers, "questions");
' &
load=$!
trap 'kill "$load" 2>/dev/null || true' EXIT

for _ in $(seq 80); do
  read -r wanted ready < <(kubectl get deployment verdict-gateway --namespace verdict \
    --output jsonpath='{.spec.replicas} {.status.readyReplicas}{"\n"}')
  echo "gateway: $wanted wanted, ${ready:-0} ready"
  if [[ "$wanted" -gt 1 && "${ready:-0}" -gt 1 ]]; then exit 0; fi
  kill -0 "$load" 2>/dev/null || { echo '::error::the load ended by itself' >&2; exit 1; }
  sleep 5
done
kubectl describe hpa --namespace verdict
echo '::error::the gateway did not grow' >&2
exit 1
