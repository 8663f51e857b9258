import type { Sign, SignName } from '@verdict/contracts';

/** What the signs say together, with the names of the active ones and a sentence. */
export interface DriftVerdict {
  readonly verdict: 'calm' | 'watch' | 'retrain';
  readonly active: SignName[];
  readonly reason: string;
}

/** Two active signs of the four start a training, one alone is to be watched. A name given twice counts once. */
export function driftVerdict(signs: readonly Sign[]): DriftVerdict {
  const byName = new Map(signs.filter(({ active }) => active).map((sign) => [sign.name, sign]));
  const active = [...byName.keys()];
  const said = [...byName.values()].map(({ name, text }) => `${name}: ${text}`).join('; ');
  if (active.length === 0) return { verdict: 'calm', active, reason: 'no sign of drift' };
  return { verdict: active.length === 1 ? 'watch' : 'retrain', active, reason: said };
}
