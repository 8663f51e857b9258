import type { PoolView, RolloutCommandRequest } from '@verdict/contracts';
import { useState } from 'react';
import { useRolloutCommand } from '../../api/rollout.ts';
import { type AskedCommand, type CommandStatus, commandStatus } from './command-status.ts';

/** Sends commands to a pool's rollout and follows the newest one until it was obeyed or refused. */
export function useAskedCommand(pool: PoolView) {
  const mutation = useRolloutCommand(pool);
  const [asked, setAsked] = useState<AskedCommand | null>(null);
  const status: CommandStatus | null = asked === null ? null : commandStatus(asked, pool.rollout);
  const ask = (request: RolloutCommandRequest) => {
    setAsked(null);
    mutation.mutate(request, { onSuccess: ({ id }) => setAsked({ id, request }) });
  };
  return {
    ask,
    status,
    busy: mutation.isPending || status?.state === 'asked',
    error: mutation.error,
    again: () => mutation.variables !== undefined && ask(mutation.variables),
  };
}
