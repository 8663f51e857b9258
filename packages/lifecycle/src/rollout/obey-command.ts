import type { RolloutCommand, RolloutState } from '@verdict/contracts';
import { refusalWaitText } from '../refusal-wait.ts';
import { inProgress, type Transition } from './rollout-state.ts';
import { type KnownVersion, promote, rollBack, takeBack } from './take-back.ts';

const mostHandled = 20;

/** Obeys a command, or says why it cannot; null when it was obeyed before. */
export function obeyCommand(
  state: RolloutState,
  command: RolloutCommand,
  at: { readonly nowMs: number; readonly versions: readonly KnownVersion[] },
): Transition | null {
  if (state.handledCommands.includes(command.id)) return null;
  const done = remembered(state, obey(state, command, at));
  const handledCommands = [...state.handledCommands, command.id].slice(-mostHandled);
  const events = done.events.map((event) => ({ ...event, commandId: command.id }));
  return { state: { ...done.state, handledCommands }, events };
}

/** What a person took back must not be undone by a training a moment later: it is noted who wanted it, and said. */
function remembered(before: RolloutState, { state, events }: Transition): Transition {
  const { lastAbort } = state;
  if (lastAbort === null || lastAbort === before.lastAbort) return { state, events };
  const said = `no training starts by itself ${refusalWaitText}`;
  return {
    state: { ...state, lastAbort: { ...lastAbort, asked: true } },
    events: events.map((event) => ({ ...event, message: `${event.message}; ${said}` })),
  };
}

function obey(
  state: RolloutState,
  command: RolloutCommand,
  { nowMs, versions }: { nowMs: number; versions: readonly KnownVersion[] },
): Transition {
  const refuse = (message: string): Transition => ({
    state,
    events: [{ reason: 'CommandRefused', message }],
  });
  if (command.kind === 'pause')
    return state.paused ? refuse('it is paused already') : pause(state, nowMs, 'command');
  if (command.kind === 'resume') {
    if (state.paused?.by === 'spec') return refuse('the spec of the pool says paused; change it there');
    return state.paused ? resume(state, nowMs) : refuse('it is not paused');
  }
  if (command.kind === 'rollback') return rollBackTo(state, command.version, { nowMs, versions, refuse });
  if (!inProgress(state)) return refuse(`there is no rollout to ${command.kind}`);
  return command.kind === 'abort'
    ? takeBack(state, nowMs, 'somebody asked for it')
    : promote(
        state.paused?.by === 'command' ? { ...state, paused: null } : state,
        nowMs,
        'because somebody asked for it',
      );
}

function rollBackTo(
  state: RolloutState,
  target: number,
  at: { nowMs: number; versions: readonly KnownVersion[]; refuse: (message: string) => Transition },
): Transition {
  const known = at.versions.find(({ version }) => version === target)?.state;
  if (target !== 0 && known !== 'accepted' && known !== 'aborted')
    return at.refuse(`version ${target} is ${known ?? 'not kept'} and cannot serve`);
  if (target === state.champion)
    return inProgress(state)
      ? takeBack(state, at.nowMs, 'somebody asked for it')
      : at.refuse(`version ${target} serves already`);
  return rollBack(state, target, { ...at, reason: 'somebody asked for it' });
}

/** Stops going on; what serves serves on, and is still watched. */
export function pause(state: RolloutState, nowMs: number, by: 'command' | 'spec'): Transition {
  const message = by === 'spec' ? 'Rollouts are paused by the spec' : 'Rollouts are paused by command';
  return { state: { ...state, paused: { sinceMs: nowMs, by } }, events: [{ reason: 'Paused', message }] };
}

/** Goes on; the time of the pause does not count as time in the phase. */
export function resume(state: RolloutState, nowMs: number): Transition {
  const pausedMs = Math.max(0, nowMs - Math.max(state.paused?.sinceMs ?? nowMs, state.phaseSinceMs));
  return {
    state: { ...state, paused: null, phaseSinceMs: state.phaseSinceMs + pausedMs },
    events: [{ reason: 'Resumed', message: 'Rollouts go on' }],
  };
}
