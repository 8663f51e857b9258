import { useQuery } from '@tanstack/react-query';
import type { PoolView } from '@verdict/contracts';
import { poolsOptions } from '../../api/models.ts';
import { useServices } from '../../api/services.ts';

const busyMs = 2_000;
const calmMs = 10_000;

function isBusy({ rollout }: PoolView): boolean {
  return (rollout.state !== null && rollout.state.candidate !== null) || rollout.commands.length > 0;
}

/** The pools; read every 2 s while a rollout is on its way or a command is not obeyed yet. */
export function useLivePools() {
  const { client } = useServices();
  return useQuery({
    ...poolsOptions(client),
    refetchInterval: (query) => (query.state.data?.some(isBusy) === true ? busyMs : calmMs),
  });
}
