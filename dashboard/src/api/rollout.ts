import { useMutation, useQueryClient } from '@tanstack/react-query';
import { RolloutCommandAccepted, type RolloutCommandRequest } from '@verdict/contracts';
import { modelKeys, type ResourceId } from './models.ts';
import { useServices } from './services.ts';

/** Pause, resume, promote, abort, roll back (role admin). It is noted at once and obeyed within seconds. */
export function useRolloutCommand(pool: ResourceId) {
  const { client } = useServices();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (command: RolloutCommandRequest) =>
      client.post(`/pools/${pool.name}/rollout/commands`, {
        answer: RolloutCommandAccepted,
        query: { namespace: pool.namespace },
        body: command,
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: modelKeys.pools }),
  });
}
