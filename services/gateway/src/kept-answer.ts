/** Asks at most once per `forMs` and gives the same answer meanwhile; a failure is not kept. */
export function keptAnswer<T>(
  ask: () => Promise<T>,
  forMs: number,
  monotonicMs: () => number,
): { get(): Promise<T>; forget(): void } {
  let kept: { answer: Promise<T>; untilMs: number } | null = null;
  return {
    get() {
      if (kept !== null && monotonicMs() < kept.untilMs) return kept.answer;
      const mine = { answer: ask(), untilMs: monotonicMs() + forMs };
      kept = mine;
      mine.answer.catch(() => {
        if (kept === mine) kept = null;
      });
      return mine.answer;
    },
    forget() {
      kept = null;
    },
  };
}
