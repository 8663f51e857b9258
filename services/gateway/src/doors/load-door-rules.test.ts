import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { defaultDoorRules } from '@verdict/contracts';
import { loadDoorRules } from './load-door-rules.ts';

test('without a word the defaults hold, else the text, or the file', async () => {
  assert.deepEqual((await loadDoorRules({})).rules, defaultDoorRules);
  const text = '{"rules":[{"series":"{job}"}],"counters":{"as":"step"}}';
  const rules = await loadDoorRules({ VERDICT_DOOR_RULES: text });
  assert.deepEqual(rules.rules, [{ series: '{job}', signal: '{__name__}' }]);
  assert.deepEqual([rules.counters.as, rules.counters.gapSeconds], ['step', 900]);
  const folder = await mkdtemp(path.join(tmpdir(), 'verdict-door-rules-'));
  try {
    const file = path.join(folder, 'rules.json');
    await writeFile(file, text);
    assert.deepEqual(await loadDoorRules({ VERDICT_DOOR_RULES_FILE: file }), rules);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('what is wrong is named with its place', async () => {
  await assert.rejects(
    loadDoorRules({ VERDICT_DOOR_RULES: '{"rules":[{"series":"{job}"},{"series":"x"}],"speed":1}' }),
    /^StartError: VERDICT_DOOR_RULES is not valid:\n {2}rules\[1\]\.series: at least one placeholder.*\n {2}.*speed/,
  );
  await assert.rejects(
    loadDoorRules({ VERDICT_DOOR_RULES: '{' }),
    /^StartError: VERDICT_DOOR_RULES cannot be read as JSON/,
  );
  await assert.rejects(
    loadDoorRules({ VERDICT_DOOR_RULES_FILE: '/nowhere/rules.json' }),
    /^StartError: VERDICT_DOOR_RULES_FILE \(\/nowhere\/rules\.json\) cannot be read.*ENOENT/,
  );
});
