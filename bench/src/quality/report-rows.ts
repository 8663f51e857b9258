import { shown } from '../markdown-table.ts';
import type { EventFigures } from '../scorers/events.ts';
import { shownRange, type Without } from './cross-check.ts';
import type { QuietFigures } from './nab-summary.ts';

/** A figure, and what it gets without any one part. */
export function withRange<Figures>(
  value: number,
  without: Without<Figures>,
  of: (figures: Figures) => number,
  digits: number,
): string[] {
  return [shown(value, digits), shownRange(without, of, digits)];
}

export const eventHeading = ['precision', 'cross-check', 'recall', 'cross-check', 'F1', 'cross-check'];

/** Cells for {@link eventHeading}. */
export function eventRow<Figures>(
  name: string,
  figures: EventFigures,
  without: Without<Figures>,
  of: (figures: Figures) => EventFigures,
): string[] {
  const cells = (key: keyof EventFigures) => withRange(figures[key], without, (one) => of(one)[key], 2);
  return [name, ...cells('precision'), ...cells('recall'), ...cells('f1')];
}

export const quietHeading = ['', 'readings', 'alarms', 'cross-check'];

/** Cells for {@link quietHeading}. */
export function quietRow<Figures>(
  name: string,
  { readings, alarms }: QuietFigures,
  without: Without<Figures>,
  of: (figures: Figures) => QuietFigures,
): string[] {
  return [name, String(readings), ...withRange(alarms, without, (one) => of(one).alarms, 2)];
}
