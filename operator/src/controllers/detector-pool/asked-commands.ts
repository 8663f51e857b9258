import { createHash } from 'node:crypto';
import type { RolloutCommand } from '@verdict/contracts';
import type { DetectorPoolObject } from '../../resources/custom-objects.ts';
import { annotation } from '../../resources/labels.ts';
import { cut } from '../../resources/status-fields.ts';

/** Newest values of command annotations that were obeyed, by annotation; a status keeps them. */
export type HandledCommands = Readonly<Record<string, string>>;

/** What an annotation asks for and was not obeyed yet. */
export interface AskedCommand {
  /** Name of the annotation. */
  readonly annotation: string;
  readonly value: string;
  /** Of the command: the same until the status says that it was obeyed, another one ever after. */
  readonly id: string;
  /** Null: the value cannot be understood. */
  readonly command: RolloutCommand | null;
}

/** Key under which a status counts the commands that were obeyed. */
const countKey = 'verdict.dev/commands-obeyed';
const mostValue = 200;

/** Of several that come at once, the careful one counts: nothing is promoted that is aborted too, a pause comes last. */
const kinds: readonly (readonly [string, RolloutCommand['kind']])[] = [
  [annotation.abort, 'abort'],
  [annotation.rollbackTo, 'rollback'],
  [annotation.resume, 'resume'],
  [annotation.promote, 'promote'],
  [annotation.pause, 'pause'],
];

/**
 * The annotations of a pool whose value was not obeyed yet, as commands of its rollout.
 *
 * The id has the count of commands obeyed so far in it: a value that comes again after another one is a new command,
 * and one that was obeyed by an operator that died before it could write the status is still the old one.
 */
export function askedCommands(pool: Pick<DetectorPoolObject, 'metadata' | 'status'>): AskedCommand[] {
  const handled = pool.status?.handledCommands ?? {};
  const count = handled[countKey] ?? '0';
  return kinds.flatMap(([name, kind]) => {
    const value = pool.metadata.annotations?.[name];
    if (value === undefined || cut(value, mostValue) === handled[name]) return [];
    const id = `${name.slice(name.indexOf('/') + 1)}:${count}:${value.length <= 40 ? value : digest(value)}`;
    return { annotation: name, value, id, command: commandOf(kind, id, value) };
  });
}

/** What the status says once these were obeyed. Annotations that are gone are forgotten. */
export function nowHandled(
  pool: Pick<DetectorPoolObject, 'metadata' | 'status'>,
  obeyed: readonly AskedCommand[],
): HandledCommands | undefined {
  const before = pool.status?.handledCommands ?? {};
  const count = Number(before[countKey] ?? '0') + obeyed.length;
  const kept = kinds.flatMap(([name]) => {
    const value = before[name];
    return value === undefined || pool.metadata.annotations?.[name] === undefined ? [] : [[name, value]];
  });
  const added = obeyed.map(({ annotation: name, value }) => [name, cut(value, mostValue)]);
  return count === 0 ? undefined : Object.fromEntries([...kept, ...added, [countKey, String(count)]]);
}

function commandOf(kind: RolloutCommand['kind'], id: string, value: string): RolloutCommand | null {
  if (kind !== 'rollback') return { id, kind };
  const version = /^v?(\d{1,9})$/.exec(value.trim())?.[1];
  return version === undefined ? null : { id, kind, version: Number(version) };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 40);
}
