import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger } from '@verdict/process';
import type { Pruned } from '../../platform/platform.ts';
import { PlatformRefusedError, PlatformUnavailableError } from '../../platform/platform-error.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { factsOf } from './model-facts.fixture.ts';
import { ModelMemory } from './model-memory.ts';
import { pruneVersions } from './prune-versions.ts';

const tenMinutesMs = 10 * 60_000;

/** A model with so many versions, the newest of which serves, and what the platform answers one time after the other. */
async function model(versions: number, answers: (Pruned | Error)[], retired = 0) {
  const clock = new FakeClock();
  const memory = new ModelMemory(clock);
  const base = await factsOf();
  const [known] = base.view.versions;
  assert.ok(known && base.pool);
  const all = Array.from({ length: versions }, (_, index) => ({
    ...known,
    version: index + 1,
    state: index < retired ? ('retired' as const) : known.state,
  }));
  const partitions = { 0: { version: versions, shadow: null, fallback: null } };
  const pool = { ...base.pool, plan: { revision: 1, partitions } };
  const facts = { ...base, pool, view: { ...base.view, champion: versions, versions: all } };
  let asked = 0;
  const platform = {
    async pruneVersions() {
      const answer = answers[asked++];
      if (answer === undefined || answer instanceof Error) throw answer ?? new Error('asked too often');
      return answer;
    },
  };
  const logger = createLogger({ name: 'test', level: 'silent' });
  const look = async (afterMs = 0) => {
    await clock.advance(afterMs);
    return (await pruneVersions({ platform, logger }, facts, memory))?.reason ?? null;
  };
  return { look, asked: () => asked };
}

test('a model with few versions is never pruned', async () => {
  const { look, asked } = await model(10, []);
  assert.deepEqual([await look(), await look(tenMinutesMs), asked()], [null, null, 0]);
});

test('what nothing uses is retired, and the artefacts go ten minutes later', async () => {
  const answers = [
    { retired: [1, 2], deleted: [] },
    { retired: [], deleted: [1, 2] },
  ];
  const { look, asked } = await model(12, answers);
  assert.equal(await look(), 'VersionsRetired');
  assert.deepEqual([await look(tenMinutesMs - 1), asked()], [null, 1]);
  assert.deepEqual([await look(1), asked()], [null, 2]);
});

test('a new operator asks once for what the one before may have left', async () => {
  const { look, asked } = await model(3, [{ retired: [], deleted: [1] }], 1);
  assert.deepEqual([await look(), await look(tenMinutesMs), asked()], [null, null, 1]);
});

test('an answer that is lost is not asked for again at once', async () => {
  const lost = new PlatformUnavailableError('away');
  const { look, asked } = await model(12, [lost, { retired: [], deleted: [1, 2] }]);
  await assert.rejects(look(), lost);
  assert.deepEqual([await look(1000), asked()], [null, 1]);
  assert.deepEqual([await look(tenMinutesMs), asked()], [null, 2]);
});

test('a platform that cannot delete artefacts is told of, and asked again later', async () => {
  const { look, asked } = await model(12, [new PlatformRefusedError('no blobs', { status: 409 })]);
  assert.equal(await look(), 'PruningRefused');
  assert.deepEqual([await look(1000), asked()], [null, 1]);
});
