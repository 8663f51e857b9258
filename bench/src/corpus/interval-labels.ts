import { readFile } from 'node:fs/promises';
import type { RowSpan } from '../scorers/row-span.ts';

/** Labelled rows per series of a set, as its `labels.json` names them (`machine.test`). */
export async function readIntervalLabels(file: string): Promise<Map<string, RowSpan[]>> {
  const parsed: unknown = JSON.parse(await readFile(file, 'utf8'));
  if (typeof parsed !== 'object' || parsed === null) throw new Error(`${file} holds no labels`);
  return new Map(
    Object.entries(parsed).map(([name, spans]) => {
      if (!Array.isArray(spans)) throw new Error(`${file}: ${name} has no list of intervals`);
      return [name, spans.map((span: unknown) => rowsOf(span, `${file}: ${name}`))];
    }),
  );
}

function rowsOf(span: unknown, where: string): RowSpan {
  const rows = typeof span === 'object' && span !== null && 'rows' in span ? span.rows : null;
  if (!Array.isArray(rows) || rows.length !== 2 || !rows.every(Number.isInteger))
    throw new Error(`${where}: an interval needs "rows": [first, last]`);
  return [rows[0], rows[1]];
}
