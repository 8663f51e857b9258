import { parseArgs } from 'node:util';

export const help = `Measures the operator on a real kube-apiserver and etcd: cold sync, the time from an event to what follows
from it, memory, and the writes of idle minutes and of minutes with traffic. Pods are those of real Deployments, bound by
the real scheduler to nodes that kwok plays; the platform is one in memory behind HTTP.

Usage: npm run bench:operator -- [options]
  --pools N              DetectorPools, each with an AnomalyModel of its own (1000)
  --pods N               detectors over all pools (10000)
  --partitions N         partitions of the data hub (10)
  --namespaces N         namespaces they lie in (20)
  --nodes N              fake nodes (100)
  --idle-minutes N       how long nothing happens (10)
  --traffic-minutes N    how long much happens (as idle)
  --json FILE            write all figures there as well

It needs etcd, kube-apiserver, kube-controller-manager, kube-scheduler and kwok in one folder: KUBEBUILDER_ASSETS names
it, or VERDICT_CLUSTER names a command whose argument "bin" prints it. At full size it takes some 4 GB of memory, and
half an hour on two cores.
`;

/** What is measured. Times in minutes. */
export interface BenchOptions {
  readonly pools: number;
  readonly pods: number;
  readonly partitions: number;
  readonly namespaces: number;
  readonly nodes: number;
  readonly idleMinutes: number;
  readonly trafficMinutes: number;
  readonly json: string | undefined;
}

const whole = { type: 'string' } as const;

/** The options of a command line; null = help is asked for. Throws an Error that names what does not fit. */
export function readOptions(args: readonly string[]): BenchOptions | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      pools: { ...whole, default: '1000' },
      pods: { ...whole, default: '10000' },
      partitions: { ...whole, default: '10' },
      namespaces: { ...whole, default: '20' },
      nodes: { ...whole, default: '100' },
      'idle-minutes': { ...whole, default: '10' },
      'traffic-minutes': whole,
      json: whole,
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return null;
  const idle = values['idle-minutes'];
  const options: BenchOptions = {
    pools: count('pools', values.pools),
    pods: count('pods', values.pods),
    partitions: count('partitions', values.partitions),
    namespaces: count('namespaces', values.namespaces),
    nodes: count('nodes', values.nodes),
    idleMinutes: minutes('idle-minutes', idle),
    trafficMinutes: minutes('traffic-minutes', values['traffic-minutes'] ?? idle),
    json: values.json,
  };
  if (options.pods < options.pools) throw new Error('--pods: every pool needs one at least');
  return options;
}

function count(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1 || value > 100_000)
    throw new Error(`--${name}: a whole number from 1 to 100000, not "${text}"`);
  return value;
}

function minutes(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1440)) throw new Error(`--${name}: minutes up to 1440, not "${text}"`);
  return value;
}
