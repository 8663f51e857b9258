import { shown } from '../markdown-table.ts';

/** Figures computed anew without each part of what was measured, by the name of the part that was left out. */
export type Without<Figures> = Readonly<Record<string, Figures>>;

/**
 * Leaves every part out in turn: how far a figure moves shows how much of it hangs on a single part.
 * @param partsOf the parts that an item belongs to; a part that holds everything cannot be left out
 */
export function withoutEach<Item, Figures>(
  items: readonly Item[],
  partsOf: (item: Item) => readonly string[],
  figures: (rest: readonly Item[]) => Figures,
): Without<Figures> {
  const parts = [...new Set(items.flatMap(partsOf))];
  const rests = parts.map((part) => [part, items.filter((item) => !partsOf(item).includes(part))] as const);
  return Object.fromEntries(
    rests.filter(([, rest]) => rest.length > 0).map(([part, rest]) => [part, figures(rest)]),
  );
}

/** From the lowest to the highest of a figure, as text; `–` where there is none. */
export function shownRange<Figures>(
  without: Without<Figures>,
  of: (figures: Figures) => number,
  digits: number,
): string {
  const values = Object.values(without).map(of).filter(Number.isFinite);
  if (values.length === 0) return '–';
  return `${shown(Math.min(...values), digits)} to ${shown(Math.max(...values), digits)}`;
}
