import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { members } from './members.ts';
import { withoutEvidence } from './without-evidence.ts';

const sources = new URL('.', import.meta.resolve('@verdict/detection'));
const sourceOf = (module: string) => readFileSync(new URL(module, sources), 'utf8');

test('every member stands in the engine where the table says, once', () => {
  for (const member of members) {
    const source = sourceOf(member.module);
    const without = withoutEvidence(source, member);
    assert.equal(without.length, source.length + '(, 0)'.length, member.name);
  }
  assert.equal(new Set(members.map(({ key }) => key)).size, members.length);
});

test('no call for evidence of a unit is missing from the table', () => {
  const folder = fileURLToPath(new URL('unit', sources));
  const asks =
    /(?<!function )\b(?:rareEvidence|overUsual|flatLineEvidence|takeBlockValue|takeSeasonalValue)\(/g;
  for (const name of readdirSync(folder)) {
    if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
    const left = members
      .filter(({ module }) => module === `unit/${name}`)
      // What is in the table is taken out; a call that is still there is of no member.
      .reduce(
        (source, { evidence }) => source.replace(spaced(evidence), ''),
        spaced(sourceOf(`unit/${name}`)),
      );
    assert.deepEqual(left.match(asks), null, `unit/${name}`);
  }
});

function spaced(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

test('a member that is gone, or stands there twice, is named with what to do', () => {
  const member = { key: 'a', name: 'the A', units: 'all', module: 'a.ts', evidence: 'f(x, 1)' } as const;
  assert.equal(withoutEvidence('const y = f(\n  x,\n  1,\n);', member), 'const y = (f(\n  x,\n  1,\n), 0);');
  assert.throws(
    () => withoutEvidence('f(x, 2)', member),
    /"the A" is to stand once in a\.ts .* 0 times: bring/,
  );
  assert.throws(() => withoutEvidence('f(x, 1) + f(x, 1)', member), /stands there 2 times/);
  assert.throws(() => withoutEvidence('f(x, 1)', { ...member, evidence: '(x, 1)' }), /0 times/);
});
