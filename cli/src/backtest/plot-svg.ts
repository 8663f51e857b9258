import type { Picture, Trace } from './plot-trace.ts';

const width = 1280;
const margin = { left: 110, right: 20, top: 40, bottom: 30 };
const panelHeight = 90;
const gap = 14;

/** A picture of a file: its signals, the score with the border of alarms, and anomalies as bands, as one SVG. */
export function plotSvg(title: string, picture: Picture): string {
  const panels = [
    ...picture.signals.map(({ name, trace }) => ({ name, trace, range: rangeOf(trace), color: '#1f5fa8' })),
    { name: 'score', trace: picture.score, range: [0, 1] as const, color: '#555' },
  ];
  const height = margin.top + panels.length * (panelHeight + gap) + margin.bottom;
  const inner = width - margin.left - margin.right;
  const x = (column: number) => margin.left + (inner * column) / Math.max(1, picture.columns);
  const bottom = height - margin.bottom - gap;
  const bands = alarmBands(picture.alarms).map(
    ([from, behind]) =>
      `<rect x="${round(x(from))}" y="${margin.top}" width="${round(Math.max(1.5, x(behind) - x(from)))}" height="${bottom - margin.top}" fill="#d43d2a" fill-opacity="0.25"/>`,
  );
  const drawn = panels.map(({ name, trace, range, color }, index) => {
    const top = margin.top + index * (panelHeight + gap);
    const [low, high] = range;
    const y = (value: number) => top + panelHeight - (panelHeight * (value - low)) / (high - low);
    return [
      `<rect x="${margin.left}" y="${top}" width="${inner}" height="${panelHeight}" fill="none" stroke="#ccc"/>`,
      text(margin.left - 8, top + panelHeight / 2, clipped(name), 'end'),
      text(margin.left - 8, top + 10, shown(high), 'end', '#888'),
      text(margin.left - 8, top + panelHeight, shown(low), 'end', '#888'),
      name === 'score' && index === panels.length - 1
        ? `<line x1="${margin.left}" x2="${width - margin.right}" y1="${y(0.5)}" y2="${y(0.5)}" stroke="#d43d2a" stroke-dasharray="4 3"/>`
        : '',
      `<path d="${pathOf(trace, picture.columns, x, y)}" fill="none" stroke="${color}" stroke-width="1"/>`,
    ].join('\n');
  });
  const more = picture.leftOut > 0 ? `, ${picture.leftOut} more signals not drawn` : '';
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    text(margin.left, 24, `${title}: ${picture.readings} readings${more}; anomalies are red`, 'start'),
    ...bands,
    ...drawn,
    text(margin.left, height - 12, time(picture.firstMs), 'start', '#888'),
    text(width - margin.right, height - 12, time(picture.lastMs), 'end', '#888'),
    '</svg>',
    '',
  ].join('\n');
}

/** Down and up within each column, so that a single reading far off is not lost. */
function pathOf(
  { low, high }: Trace,
  columns: number,
  x: (column: number) => number,
  y: (value: number) => number,
): string {
  const steps: string[] = [];
  let pen = false;
  for (let column = 0; column < columns; column += 1) {
    const [from, to] = [low[column] ?? Number.NaN, high[column] ?? Number.NaN];
    if (Number.isNaN(from)) {
      pen = false;
      continue;
    }
    const at = round(x(column + 0.5));
    steps.push(`${pen ? 'L' : 'M'}${at} ${round(y(from))}`);
    if (to > from) steps.push(`L${at} ${round(y(to))}`);
    // A lone reading would be a path without length, which nobody sees.
    else if (!pen) steps.push('h0.8');
    pen = true;
  }
  return steps.join('');
}

function alarmBands(alarms: Uint8Array): [number, number][] {
  const bands: [number, number][] = [];
  alarms.forEach((alarm, column) => {
    if (alarm === 0) return;
    const last = bands.at(-1);
    if (last?.[1] === column) last[1] = column + 1;
    else bands.push([column, column + 1]);
  });
  return bands;
}

function rangeOf({ low, high }: Trace): readonly [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of low) if (value < least) least = value;
  for (const value of high) if (value > most) most = value;
  if (least > most) return [0, 1];
  if (least === most) return [least - 1, most + 1];
  return [least, most];
}

function text(x: number, y: number, content: string, anchor: 'start' | 'end', color = '#222'): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${color}">${escaped(content)}</text>`;
}

function clipped(name: string): string {
  return name.length <= 16 ? name : `${name.slice(0, 15)}…`;
}

function escaped(content: string): string {
  return content
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function shown(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function time(ms: number): string {
  return Number.isNaN(ms) ? '' : new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
