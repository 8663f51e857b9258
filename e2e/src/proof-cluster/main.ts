import { parseArgs } from 'node:util';
import { onEndSignal } from '@verdict/process/end-signals';
import { findCluster, skipped } from './find-cluster.ts';

const { values } = parseArgs({
  options: {
    images: { type: 'string' },
    namespace: { type: 'string', default: 'verdict-e2e' },
    keep: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '25' },
    // How the command calls itself inside of a cluster's network.
    inside: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) {
  console.log(`Proves the whole loop on a Kubernetes with real nodes.

Usage: npm run e2e [-- --images TAG] [--namespace NAME] [--keep] [--minutes N]

It installs the chart with the embedded profile under PodSecurity restricted, applies the sample of the shop, sends
readings, lets three accounts judge what is shown until confidence is bad, and waits until the operator has had the model
trained anew and rolled out: shadow, canary, all. Then poisoned candidates are put in by hand, detectors are scaled and
evicted, every reading is counted, and everything is deleted again. The chart is upgraded from its previous form on the
way. Exits with 1 when anything does not hold; dist/e2e/result.json has the figures.

Where it runs is said by VERDICT_CLUSTER (a command that starts a cluster, loads images and runs in it) or KUBECONFIG
(a cluster that is there and has the images). Without either it is skipped.

  --images TAG      the images docker.io/verdict/NAME:TAG are in the cluster: nothing is built or loaded
  --namespace NAME  where it installs; must not exist (default verdict-e2e)
  --keep            leave everything in the cluster, to be looked at
  --minutes N       give up after so long (default 25)`);
  process.exit(0);
}
const minutes = Number(values.minutes);
if (!(minutes > 0)) {
  console.error('--minutes takes a number above 0');
  process.exit(2);
}
const stop = new AbortController();
onEndSignal(() => stop.abort(new Error('it was asked to end')));
// The process that started us inside of a cluster's network: what lies between does not hand signals on.
if (values.inside) process.on('disconnect', () => stop.abort(new Error('whoever started it is gone')));

const found = values.inside ? ({ kind: 'kubeconfig' } as const) : findCluster(process.env);
const { images, namespace, keep } = values;
// Whoever is skipped waits for nothing else.
if (found.kind === 'none')
  console.error(skipped('It needs a Kubernetes with nodes; neither VERDICT_CLUSTER nor KUBECONFIG is set.'));
else if (found.kind === 'command') {
  const { proveOnBench } = await import('./prove-on-bench.ts');
  const { signal } = stop;
  process.exitCode = await proveOnBench(found.command, { images, namespace, keep, minutes, signal });
} else {
  const { proveInside } = await import('./prove-inside.ts');
  process.exitCode = await proveInside({ tag: images ?? 'dev', namespace, keep, minutes, stop });
}
// A channel to whoever started us would keep us.
if (process.connected) process.disconnect();
