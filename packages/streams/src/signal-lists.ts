import { isSignalName, readingLimits } from '@verdict/contracts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { UndecodableEvent } from './undecodable-event.ts';

const maxNameBytes = 80;

/** The distinct lists of signal names in one event, each written once. */
export class SignalLists {
  readonly #indexes = new Map<string, number>();
  readonly #lists: (readonly string[])[] = [];

  /** Takes a list; throws RangeError when it is empty, too long, or holds a name that is none. */
  add(signals: readonly string[]): void {
    const key = signals.join('\n');
    if (this.#indexes.has(key)) return;
    const problem = problemOf(signals);
    if (problem !== null) throw new RangeError(problem);
    this.#indexes.set(key, this.#lists.length);
    this.#lists.push(signals);
  }

  /** Index of a list that was added. */
  indexOf(signals: readonly string[]): number {
    const index = this.#indexes.get(signals.join('\n'));
    if (index === undefined) throw new RangeError('a list of signals that was not added');
    return index;
  }

  write(out: ByteWriter): void {
    out.varint(this.#lists.length);
    for (const signals of this.#lists) {
      out.varint(signals.length);
      for (const signal of signals) out.text(signal);
    }
  }
}

/** Reads what `SignalLists.write` wrote. Throws `UndecodableEvent`. */
export function readSignalLists(reader: ByteReader): string[][] {
  const lists: string[][] = [];
  const count = reader.varint('number of signal lists', reader.remaining);
  for (let index = 0; index < count; index += 1) {
    const signals: string[] = [];
    const size = reader.varint('number of signals', readingLimits.signalsPerReading);
    for (let signal = 0; signal < size; signal += 1) signals.push(reader.text('signal name', maxNameBytes));
    const problem = problemOf(signals);
    if (problem !== null) throw new UndecodableEvent(problem);
    lists.push(signals);
  }
  return lists;
}

function problemOf(signals: readonly string[]): string | null {
  if (signals.length === 0) return 'a list without signals';
  if (signals.length > readingLimits.signalsPerReading) return `${signals.length} signals are too many`;
  if (new Set(signals).size !== signals.length) return 'a signal stands twice in a list';
  const wrong = signals.find((signal) => !isSignalName(signal));
  return wrong === undefined ? null : `${JSON.stringify(wrong)} is no name of a signal`;
}
