/** How much of the past a chart of trust shows. */
export type TrustSpan = 'hour' | 'day' | 'month';

const hourMs = 3_600_000;

/** The spans with their length and what they are called. */
export const trustSpans: readonly { value: TrustSpan; text: string; lengthMs: number }[] = [
  { value: 'hour', text: 'Hour', lengthMs: hourMs },
  { value: 'day', text: 'Day', lengthMs: 24 * hourMs },
  { value: 'month', text: '30 days', lengthMs: 30 * 24 * hourMs },
];

/** What a model's URL holds: the span of the trust chart, and the version that is compared with its champion. */
export interface ModelSearch {
  readonly span?: TrustSpan;
  readonly compare?: number;
}

/** Reads a model's URL; what is malformed is left out, never an error. */
export function readModelSearch(raw: Record<string, unknown>): ModelSearch {
  return {
    span: trustSpans.find(({ value }) => value === raw.span)?.value,
    compare: wholeNumber(raw.compare, 1),
  };
}

/** What a rollout's URL holds: the version about to be rolled back to, to be confirmed. */
export interface RolloutSearch {
  readonly rollback?: number;
}

/** Reads a rollout's URL; what is malformed is left out, never an error. */
export function readRolloutSearch(raw: Record<string, unknown>): RolloutSearch {
  return { rollback: wholeNumber(raw.rollback, 0) };
}

/** Values come as text from a typed link and as numbers from this page's own links. */
function wholeNumber(value: unknown, least: number): number | undefined {
  if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === '')) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) && number >= least ? number : undefined;
}
