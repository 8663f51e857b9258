import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { readIntervalLabels } from '../corpus/interval-labels.ts';
import { readNabWindows, windowRows } from '../corpus/nab-windows.ts';
import { nabPlaces } from '../scorers/nab-places.ts';
import { bestNabScore, nabProfiles } from '../scorers/nab-score.ts';
import { vus } from '../scorers/vus.ts';

// The labelled sets are not part of the repository: these tests compare with values that came with them.
const data = process.env.VERDICT_DATA_DIR;
const skip =
  data === undefined || !existsSync(data)
    ? 'NOT CHECKED: set VERDICT_DATA_DIR to the folder with nab/, smd/ and asd/ to check the scorers'
    : false;
const folder = data ?? '';

function cells(file: string): string[][] {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
  const lines = text.trim().split('\n').slice(1);
  return lines.map((line) => line.split(','));
}

test('NAB scores are those of the reference in all three profiles', { skip }, async () => {
  const golden = JSON.parse(readFileSync(path.join(folder, 'nab/golden_score.json'), 'utf8'));
  const windows = await readNabWindows(path.join(folder, 'nab/labels/combined_windows.json'));
  const files = [...windows].map(([name, spans]) => {
    const rows = cells(path.join(folder, 'nab/data', name));
    const times = Float64Array.from(rows, ([stamp = '']) => Date.parse(`${stamp.replace(' ', 'T')}Z`));
    let largest = 0;
    const score = Float64Array.from(rows, ([, value], row) => {
      const step = row === 0 ? 0 : Math.abs(Number(value) - Number(rows[row - 1]?.[1]));
      largest = Math.max(largest, step);
      return largest > 0 ? step / largest : 0;
    });
    return { places: nabPlaces(rows.length, windowRows(times, spans, name)), score };
  });
  for (const profile of nabProfiles) {
    const best = bestNabScore(files, profile);
    const expected = golden.expected[profile.name];
    assert.ok(Math.abs(best.score - expected.score) < 0.001, `${profile.name}: ${best.score}`);
    assert.equal(best.threshold, expected.threshold);
  }
});

test('VUS-PR and VUS-ROC are those of the reference on every series named', { skip }, async () => {
  const golden = JSON.parse(readFileSync(path.join(folder, 'golden_vus.json'), 'utf8'));
  for (const one of golden.cases) {
    const labels = await readIntervalLabels(path.join(folder, one.dataset, 'labels.json'));
    const rows = cells(path.join(folder, one.dataset, `${one.series}.test.csv.gz`));
    const means = rows.map(
      (row) => row.slice(1).reduce((sum, cell) => sum + Number(cell), 0) / (row.length - 1),
    );
    const overall = means.reduce((sum, mean) => sum + mean, 0) / means.length;
    const score = Float64Array.from(means, (mean, row) => {
      if (one.score === 'abs_dev_from_mean') return Math.abs(mean - overall);
      return row === 0 ? 0 : Math.abs(mean - (means[row - 1] ?? 0));
    });
    const { pr, roc } = vus(score, labels.get(`${one.series}.test`) ?? [], one.sliding_window);
    const shown = `${one.series} ${one.score}: ${pr} ${roc}`;
    // Values with two decimals tie often; how a mean is rounded then decides the order of rows.
    assert.ok(Math.abs(pr - one.VUS_PR) < 5e-4 && Math.abs(roc - one.VUS_ROC) < 5e-4, shown);
  }
});
