import type { CurrentVerdict, Flood } from '@verdict/contracts';

/** What was answered how fast, in a sentence: `eve gave 74 answers (70 false, 4 true), up to 61 a minute; usual are 3.` */
export function floodText({
  person,
  perMinute,
  usual,
  answers,
}: Pick<Flood, 'person' | 'perMinute' | 'usual' | 'answers'>): string {
  const kinds = [
    [answers.true, 'true'],
    [answers.false, 'false'],
    [answers.withdrawn, 'taken back'],
    [answers.missed, 'reported as missed'],
  ] as const;
  const parts = kinds.filter(([count]) => count > 0).map(([count, kind]) => `${count} ${kind}`);
  const all = kinds.reduce((sum, [count]) => sum + count, 0);
  const what = all === 0 ? 'answers' : `${all} ${all === 1 ? 'answer' : 'answers'} (${parts.join(', ')})`;
  const before =
    usual === null ? 'too little is known of what is usual' : `a busy minute had ${usual} before`;
  return `${person} gave ${what}, up to ${perMinute} a minute; ${before}.`;
}

/** Why an answer counts for nothing, in a few words; null when it counts. */
export function uncountedText({ uncounted }: Pick<CurrentVerdict, 'uncounted'>): string | null {
  if (uncounted === undefined) return null;
  if (uncounted === 'held') return 'waits for a review, and counts for nothing until then';
  return uncounted === 'discarded'
    ? 'was discarded by a review, and counts for nothing'
    : 'is shown, and not learnt from';
}
