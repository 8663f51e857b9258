/** How often people agreed, with what the number of answers allows to say. */
export interface Precision {
  readonly judged: number;
  /** Share of judged anomalies that were real, 0 to 1. */
  readonly share: number;
  /** 95 % interval of that share. */
  readonly low: number;
  readonly high: number;
}

/** 97.5 % point of the normal distribution. */
const z = 1.959964;

/**
 * Precision with Wilson's score interval (E. B. Wilson, JASA 22, 1927), which stays within [0, 1] and is honest
 * for few answers. Null when nobody judged.
 */
export function precisionOf(judgedTrue: number, judgedFalse: number): Precision | null {
  const judged = judgedTrue + judgedFalse;
  if (judged === 0) return null;
  const share = judgedTrue / judged;
  const centre = (share + (z * z) / (2 * judged)) / (1 + (z * z) / judged);
  const half =
    (z / (1 + (z * z) / judged)) *
    Math.sqrt((share * (1 - share)) / judged + (z * z) / (4 * judged * judged));
  return { judged, share, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
