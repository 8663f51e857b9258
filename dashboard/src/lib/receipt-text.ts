import type { CurrentVerdict, Receipt } from '@verdict/contracts';

/** How many people say true and false. */
export function answersOf(verdicts: readonly CurrentVerdict[]): { true: number; false: number } {
  const yes = verdicts.filter((given) => given.verdict === 'true').length;
  return { true: yes, false: verdicts.length - yes };
}

/**
 * True while more is to come within seconds: the receipt counts other answers than the page shows, or a false alarm
 * is not in memory yet.
 */
export function mayStillChange(
  receipt: Receipt | undefined,
  answers: { true: number; false: number },
): boolean {
  if (receipt === undefined) return true;
  if (receipt.answers.true !== answers.true || receipt.answers.false !== answers.false) return true;
  return receipt.judgement === 'false-alarm' && receipt.memory === null;
}
