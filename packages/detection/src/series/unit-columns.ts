/** Name of the one unit of a model with a declared list; signals of `each` go by their own names. */
export const declaredUnit = '';

const mostRemembered = 1000;

export function sameSignals(a: readonly string[], b: readonly string[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false;
  return true;
}

/** Where the signals of a model with a declared list stand in blocks. */
export class DeclaredColumns {
  readonly #wanted: readonly string[];
  readonly #known = new Map<string, Int32Array>();
  #signals: readonly string[] = [];
  #columns: Int32Array;

  constructor(wanted: readonly string[]) {
    this.#wanted = wanted;
    this.#columns = this.#find([]);
  }

  /** Per declared signal its column among these; −1 = not there. */
  of(signals: readonly string[]): Int32Array {
    if (sameSignals(signals, this.#signals)) return this.#columns;
    const key = JSON.stringify(signals);
    let columns = this.#known.get(key);
    if (columns === undefined) {
      columns = this.#find(signals);
      if (this.#known.size >= mostRemembered) this.#known.clear();
      this.#known.set(key, columns);
    }
    this.#signals = signals;
    this.#columns = columns;
    return columns;
  }

  #find(signals: readonly string[]): Int32Array {
    return Int32Array.from(this.#wanted, (name) => signals.indexOf(name));
  }
}
