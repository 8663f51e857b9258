// A process as small as an operator can be: its controller writes `seen: yes` on each config map labelled `role: watched`.
import { runProcess, systemClock } from '@verdict/process';
import { Controller } from '../control-loop/controller.ts';
import { ownKeys } from '../control-loop/key-sources.ts';
import { LeaderElection } from '../control-loop/leader-election.ts';
import { Reflector } from '../control-loop/reflector.ts';
import { runControlLoop } from '../control-loop/run-control-loop.ts';
import { connectKube } from '../kube/connect-kube.ts';
import { fencedClient } from '../kube/fenced-client.ts';
import { nameOf } from '../kube/kube-object.ts';
import { configMapKind } from './config-map.ts';

const [identity = 'one'] = process.argv.slice(2);

runProcess('loop', async ({ logger, requestStop, crash }) => {
  const connection = connectKube({ kubeconfig: process.env.KUBECONFIG });
  const common = { client: connection.client, clock: systemClock, logger };
  const timings = { leaseMs: 2000, renewDeadlineMs: 1200, retryMs: 150 };
  const maps = new Reflector({ ...common, kind: configMapKind, labelSelector: 'role=watched' });
  const election = new LeaderElection({ ...common, namespace: 'default', name: 'loop', identity, timings });
  const stop = runControlLoop({
    watch: (signal) => maps.run(signal),
    election,
    lost: () => requestStop(1),
    crash,
    lead: (leadership) => {
      const client = fencedClient(connection.client, leadership);
      const reconcile = async (key: Parameters<typeof nameOf>[0]) => {
        const map = maps.cache.get(key);
        if (map === undefined || map.data?.seen === identity) return { kind: 'settled' } as const;
        const { namespace, name } = nameOf(key);
        await client.serverSideApply(configMapKind, {
          metadata: { namespace, name },
          data: { seen: identity },
        });
        return { kind: 'settled' } as const;
      };
      const sources = [ownKeys(maps)];
      const controller = new Controller({ name: 'maps', sources, reconcile, clock: systemClock, logger });
      return controller.run(leadership.signal);
    },
  });
  return async () => {
    await stop();
    connection.close();
  };
});
