import { type Clock, RecentMap } from '@verdict/process';
import type { EventNote } from './event-recorder.ts';
import { type KubeObject, uidOf } from './kube-object.ts';

/** So many different messages are told one by one, … */
const toldApart = 9;
/** … counted anew after so long without any of them. */
const forgottenAfterMs = 10 * 60_000;
/** Groups that are remembered; the one that was silent for longest is forgotten first. */
const mostGroups = 4096;

interface Group {
  readonly messages: Set<string>;
  lastMs: number;
}

/**
 * Sees when notes about one object say the same thing in ever new words: a message with a number in it would be an
 * Event for each number. The rule is client-go's (tools/record, EventAggregator): the tenth different message of the
 * same type, reason and action within ten minutes, and all new ones after it, are one Event.
 */
export class SimilarNotes {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #groups = new RecentMap<string, Group>(mostGroups);

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  /** Key of the Event that has to tell this note together with others like it; null = it is told by itself. */
  groupOf(about: KubeObject, { type, reason, action, message }: EventNote): string | null {
    const key = JSON.stringify([uidOf(about), type, reason, action]);
    const { messages, lastMs } = this.#groups.get(key) ?? { messages: new Set<string>(), lastMs: 0 };
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - lastMs > forgottenAfterMs) messages.clear();
    this.#groups.set(key, { messages, lastMs: nowMs });
    if (messages.has(message)) return null;
    if (messages.size >= toldApart) return key;
    messages.add(message);
    return null;
  }
}

/** A message that stands for those that were like it, as client-go writes it. */
export function combinedMessage(newest: string): string {
  return `(combined from similar events): ${newest}`;
}
