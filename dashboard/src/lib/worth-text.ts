import type { Anomaly } from '@verdict/contracts';
import { answersOf } from './receipt-text.ts';

/** Nobody is asked about what is older. */
const oldestMs = 7 * 86_400_000;

/** Says why nothing is worth asking this person about, from the newest anomalies listed. */
export function whyNothingToAsk(
  anomalies: readonly Pick<Anomaly, 'start' | 'verdicts'>[],
  { person, nowMs }: { person: string; nowMs: number },
): string {
  const recent = anomalies.filter((anomaly) => nowMs - Date.parse(anomaly.start) <= oldestMs);
  if (recent.length === 0) return 'Nothing odd was found in the last 7 days, so there is nothing to ask.';
  const mine = recent.filter(({ verdicts }) => verdicts.some((given) => given.person === person)).length;
  const agreed = recent.filter(({ verdicts }) => {
    const answers = answersOf(verdicts);
    const settled = verdicts.length > 0 && (answers.true === 0 || answers.false === 0);
    return settled && verdicts.every((given) => given.person !== person);
  }).length;
  if (mine + agreed < recent.length)
    return 'Not every anomaly of the last 7 days is settled: the next questions are being chosen.';
  const all = recent.length === 1 ? 'The one anomaly' : `All ${recent.length} anomalies`;
  const parts = [
    ...(mine > 0 ? [`you answered ${mine === recent.length ? 'all' : mine} of them`] : []),
    ...(agreed > 0 ? [`people agree on ${mine > 0 ? `the other ${agreed}` : 'them'}`] : []),
  ];
  if (recent.length === 1) {
    return `The one anomaly of the last 7 days is settled: ${mine > 0 ? 'you answered it' : 'it has its answer'}.`;
  }
  return `${all} of the last 7 days are settled: ${parts.join(', ')}.`;
}

/**
 * The question to go on with after one was answered: the next open one below it, else the first open one; null when
 * none is left.
 */
export function nextQuestion(
  ids: readonly string[],
  answered: string,
  isAnswered: (id: string) => boolean,
): string | null {
  const at = ids.indexOf(answered);
  const order = [...ids.slice(at + 1), ...ids.slice(0, Math.max(0, at))];
  return order.find((id) => id !== answered && !isAnswered(id)) ?? null;
}
