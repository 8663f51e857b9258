import type { ShareEstimate } from '@verdict/contracts';

/** A plain text table: a heading, then rows, columns padded to their widest cell. */
export function textTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heading.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [heading, ...rows].map(line).join('\n');
}

/** Columns of a terminal that tables keep to, where keys and names leave them the room. */
export const tableWidth = 100;

/** Cuts what does not fit into a line, and shows that something was cut. */
export function clipped(line: string, width = tableWidth): string {
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
}

/** A table whose last column is cut where a line grows wider than a terminal. */
export function fittingTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  return textTable(heading, rows)
    .split('\n')
    .map((line) => clipped(line))
    .join('\n');
}

/** A share as a percentage: `83 %`; `-` for none. */
export function shownShare(share: number | null): string {
  return share === null ? '-' : `${Math.round(share * 100)} %`;
}

/** An estimated share with its interval: `83 % (70 to 92)`; `-` for none. */
export function shownEstimate(estimate: ShareEstimate | null): string {
  if (estimate === null) return '-';
  const [mean, low, high] = [estimate.mean, estimate.low, estimate.high].map((one) => Math.round(one * 100));
  return `${mean} % (${low} to ${high})`;
}

/** An instant as people read it, in UTC, to the second: `2026-11-22 16:00:00`. */
export function shownTime(iso: string | null): string {
  return iso === null ? '-' : new Date(iso).toISOString().slice(0, 19).replace('T', ' ');
}

/** How long something lasted: `45s`, `12m`, `3.5h`, `2.1d`. */
export function shownDuration(ms: number): string {
  if (ms < 120_000) return `${Math.round(ms / 1000)}s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)}m`;
  if (ms < 172_800_000) return `${(ms / 3_600_000).toFixed(1)}h`;
  return `${(ms / 86_400_000).toFixed(1)}d`;
}

/** A number in at most four significant digits; `-` for none. */
export function shownNumber(value: number | null): string {
  if (value === null) return '-';
  return String(Number(value.toPrecision(4)));
}
