import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const checkout = fileURLToPath(new URL('../../../../', import.meta.url));
const page = join(checkout, 'docs/doors.md');
const mark = '<!-- odd readings -->';
const read = (file: string) => readFileSync(file, 'utf8');

/** Cells of the table's rows, its heading left out. */
function rows(): string[][] {
  const [, table = ''] = read(page).split(mark);
  return table
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** Labels of every metric that docs/metrics.md tells of, which is compared with what processes register. */
function knownMetrics(): Map<string, readonly string[]> {
  const lines = read(join(checkout, 'docs/metrics.md')).matchAll(
    /^\| `(\w+)` \| \w+ \| [^|]* \| ([^|]*) \|/gm,
  );
  return new Map(
    [...lines].map(([, name = '', labels = '']) => [
      name,
      [...labels.matchAll(/`(\w+)`/g)].map(([, one = '']) => one),
    ]),
  );
}

test('every policy for odd readings names a place, a counter and a test that exist', () => {
  const metrics = knownMetrics();
  const found = rows();
  assert.ok(found.length >= 18, `${found.length} rows`);
  for (const row of found) {
    const [what = '', policy = '', place = '', counters = '', proof = ''] = row;
    assert.ok(row.length === 5 && policy.length > 2, what);
    const [, file = ''] = /^`(.+)`$/.exec(place) ?? [];
    assert.ok(file !== '' && existsSync(join(checkout, file)), `${what}: ${place}`);
    const named = [...counters.matchAll(/`(verdict_\w+)(?:\{([\w,]+)\})?`/g)];
    assert.ok(named.length > 0, `${what}: no counter`);
    for (const [, name = '', labels] of named) {
      assert.ok(metrics.has(name), `${what}: ${name} is not in docs/metrics.md`);
      for (const label of labels?.split(',') ?? [])
        assert.ok(metrics.get(name)?.includes(label), `${what}: ${name} has no label ${label}`);
    }
    const [, title = '', link = ''] = /^\[(.+)\]\((.+)\)$/.exec(proof) ?? [];
    assert.ok(link.endsWith('.test.ts'), `${what}: ${proof}`);
    assert.ok(
      read(join(dirname(page), link)).includes(`test('${title}'`),
      `${what}: no test "${title}" in ${link}`,
    );
  }
});
