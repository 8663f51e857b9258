import type { RolloutCommandRequest, RolloutRecord } from '@verdict/contracts';
import type { PlatformClient } from '@verdict/platform-client';
import type { CommandContext } from '../command-context.ts';
import { waitUntil } from '../wait-until.ts';
import { findPool } from './find-pool.ts';

type RecordedEvent = RolloutRecord['events'][number];

/** What became of a command. */
export interface Obeyed {
  id: string;
  /** What happened since it was given, but for answers to others' commands; null when it was not obeyed in time. */
  events: RecordedEvent[] | null;
}

/** A command to a pool, and how long to wait for it. */
export interface GivenCommand {
  namespace: string;
  pool: string;
  command: RolloutCommandRequest;
  withinMs: number;
}

const everyMs = 500;

/** Gives a command and waits until its id is among the obeyed ones, whether it could be followed or not. */
export async function commandAndWait(
  context: CommandContext,
  client: Pick<PlatformClient, 'pools' | 'commandRollout'>,
  { namespace, pool, command, withinMs }: GivenCommand,
): Promise<Obeyed> {
  const before = (await findPool(client, namespace, pool)).rollout.events;
  const { id } = await client.commandRollout(pool, command);
  const events = await waitUntil(context, { everyMs, withinMs }, async () => {
    const { state, events } = (await findPool(client, namespace, pool)).rollout;
    if (!state?.handledCommands.includes(id)) return null;
    return eventsSince(before, events).filter(({ commandId }) => commandId === undefined || commandId === id);
  });
  return { id, events };
}

/** Events that were added at the end; the list forgets its oldest. */
export function eventsSince(
  before: readonly RecordedEvent[],
  after: readonly RecordedEvent[],
): RecordedEvent[] {
  const last = before.at(-1);
  const known = after.findLastIndex(
    ({ at, reason, message }) => at === last?.at && reason === last.reason && message === last.message,
  );
  return after.slice(known + 1);
}
