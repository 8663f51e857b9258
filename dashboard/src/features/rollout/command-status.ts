import type { RolloutCommandRequest, RolloutRecord } from '@verdict/contracts';
import { versionText } from '../../lib/version-text.ts';

/** A command that was noted. */
export interface AskedCommand {
  readonly id: string;
  readonly request: RolloutCommandRequest;
}

/** What came of a command. */
export interface CommandStatus {
  readonly state: 'asked' | 'obeyed' | 'refused';
  readonly text: string;
}

const verbs: Record<RolloutCommandRequest['kind'], string> = {
  pause: 'pause',
  resume: 'resume',
  promote: 'promote',
  abort: 'abort',
  rollback: 'roll back',
};

/** The command in words: `pause`, `roll back to version 2`. */
export function commandText(request: RolloutCommandRequest): string {
  return request.kind === 'rollback' ? `roll back to ${versionText(request.version)}` : verbs[request.kind];
}

/**
 * What came of a command by the pool's record: asked until its id is among those that were handled, then the event
 * that answers it. An event and the command's id are stored together, so a handled command has its event there.
 */
export function commandStatus(
  asked: AskedCommand,
  record: Pick<RolloutRecord, 'state' | 'events'>,
): CommandStatus {
  const what = commandText(asked.request);
  if (!record.state?.handledCommands.includes(asked.id))
    return { state: 'asked', text: `Asked to ${what}; it is obeyed within seconds…` };
  const answer = record.events.find(({ commandId }) => commandId === asked.id);
  if (answer === undefined) return { state: 'obeyed', text: `Asked to ${what}: done` };
  return answer.reason === 'CommandRefused'
    ? { state: 'refused', text: `Asked to ${what}, refused: ${answer.message}` }
    : { state: 'obeyed', text: answer.message };
}
