/** The most points that any chart draws. */
export const mostPoints = 1500;

/**
 * Chooses at most `most` of `values.length` points so that the picture keeps its shape: the ends, and of each of
 * equal stretches the lowest and the highest value. Returns ascending indexes; all of them when there are few.
 * Stretches without any value give one point, so that a gap stays a gap.
 */
export function keepExtremes(values: readonly (number | null)[], most = mostPoints): number[] {
  const count = values.length;
  if (count <= most) return values.map((_, index) => index);
  const stretches = Math.max(1, Math.floor((most - 2) / 2));
  const chosen: number[] = [0];
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = 1 + Math.floor((stretch * (count - 2)) / stretches);
    const to = 1 + Math.floor(((stretch + 1) * (count - 2)) / stretches);
    let low = -1;
    let high = -1;
    for (let index = from; index < to; index++) {
      const value = values[index] ?? null;
      if (value === null) continue;
      if (low < 0 || value < (values[low] ?? value)) low = index;
      if (high < 0 || value > (values[high] ?? value)) high = index;
    }
    if (low < 0) chosen.push(from);
    else if (low === high) chosen.push(low);
    else chosen.push(Math.min(low, high), Math.max(low, high));
  }
  chosen.push(count - 1);
  return chosen;
}
