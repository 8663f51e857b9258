import type { CommandContext } from './command-context.ts';

/** A line on stderr that is written over and over; nothing at all where stderr is no terminal. */
export interface Progress {
  /** Shows a text, at most four times a second. */
  show(text: () => string): void;
  /** A sentence that must not be missed: written everywhere, on a line of its own. */
  say(text: string): void;
  /** Clears the line. */
  end(): void;
}

const leastMs = 250;
const clearLine = '\r\u001b[K';

/** Progress on the context's stderr. */
export function progressOn({ stderr, clock }: CommandContext): Progress {
  let shownAtMs = Number.NEGATIVE_INFINITY;
  let shown = false;
  function end() {
    if (shown) stderr.write(clearLine);
    shown = false;
  }
  return {
    show(text) {
      const nowMs = clock.nowMs();
      if (stderr.isTTY !== true || nowMs - shownAtMs < leastMs) return;
      shownAtMs = nowMs;
      shown = true;
      stderr.write(clearLine + text());
    },
    say(text) {
      end();
      stderr.write(`${text}\n`);
    },
    end,
  };
}
