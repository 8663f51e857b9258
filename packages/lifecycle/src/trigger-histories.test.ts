import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnomalyModelSpec, type TrainingRunView, type VersionState } from '@verdict/contracts';
import fc from 'fast-check';
import { type DueTrigger, dueTrigger } from './trigger.ts';

const spec = AnomalyModelSpec.parse({ series: ['**'], training: { minimumReadings: 1000 } });
const ends = ['succeeded', 'succeeded', 'refused', 'failed'] as const;
const often = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });
const event = fc.oneof(
  often(
    4,
    fc.record({ kind: fc.constant('time' as const), ms: fc.integer({ min: 1, max: 12 * 3_600_000 }) }),
  ),
  often(4, fc.record({ kind: fc.constant('end' as const), state: fc.constantFrom(...ends) })),
  often(3, fc.record({ kind: fc.constant('verdicts' as const), count: fc.integer({ min: 1, max: 12 }) })),
  often(2, fc.record({ kind: fc.constantFrom('confidence' as const, 'drift' as const), on: fc.boolean() })),
  often(3, fc.record({ kind: fc.constantFrom('promote' as const, 'abort' as const) })),
  often(
    1,
    fc.record({
      kind: fc.constant('asked' as const),
      value: fc.constantFrom('asked-a', 'asked-b', 'asked-c'),
    }),
  ),
  often(1, fc.record({ kind: fc.constant('pause' as const), on: fc.boolean() })),
  often(1, fc.record({ kind: fc.constant('readings' as const), count: fc.integer({ min: 1, max: 3000 }) })),
);

/** A world in which a model lives; trainings start whenever they are due. */
class World {
  nowMs = Date.parse('2026-01-01T00:00:00.000Z');
  readonly verdicts: { sequence: number; atMs: number }[] = [];
  readonly started: (DueTrigger & { atMs: number; paused: boolean; verdicts: number })[] = [];
  trainings: TrainingRunView[] = [];
  readonly versions: { version: number; state: VersionState }[] = [];
  refusals: { atMs: number; verdicts: number }[] = [];
  lastAbortMs: number | null = null;
  readings = 900;
  champion = 0;
  asked: string | null = null;
  paused = false;
  bad = false;
  drifts = false;
  windows = 0;

  apply(one: typeof event extends fc.Arbitrary<infer E> ? E : never): void {
    const newest = this.versions.at(-1);
    const running = this.trainings.find(({ state }) => state === 'running');
    if (one.kind === 'time') this.nowMs += one.ms;
    else if (one.kind === 'readings') this.readings += one.count;
    else if (one.kind === 'asked') this.asked = one.value;
    else if (one.kind === 'confidence') this.bad = one.on;
    else if (one.kind === 'drift') this.drifts = one.on;
    else if (one.kind === 'pause') this.paused = one.on;
    else if (one.kind === 'verdicts') {
      this.nowMs += 1;
      for (let i = 0; i < one.count; i += 1)
        this.verdicts.push({ sequence: this.verdicts.length + 1, atMs: this.nowMs });
    } else if (one.kind === 'end' && running) this.#end(running, one.state);
    else if (one.kind === 'promote' && newest?.state === 'accepted') this.champion = newest.version;
    else if (one.kind === 'abort' && newest?.state === 'accepted' && newest.version > this.champion) {
      newest.state = 'aborted';
      this.lastAbortMs = this.nowMs;
      this.refusals.push({ atMs: this.nowMs, verdicts: this.verdicts.length });
    }
    this.nowMs += 1;
  }

  #end(running: TrainingRunView, state: TrainingRunView['state']): void {
    Object.assign(running, { state, endedAt: new Date(this.nowMs).toISOString() });
    if (state === 'succeeded') {
      this.versions.push({ version: this.versions.length + 1, state: 'accepted' });
      this.refusals = [];
    } else this.refusals.push({ atMs: this.nowMs, verdicts: this.verdicts.length });
  }

  look(): void {
    const { nowMs, paused, asked, verdicts, lastAbortMs, readings, trainings, versions, champion } = this;
    this.windows += 1;
    const due = dueTrigger({
      model: { spec, readings, trainings, versions, champion },
      nowMs,
      paused,
      asked,
      everyMs: 86_400_000,
      confidence: { state: this.bad ? 'bad' : 'unknown', mean: 0.2, high: 0.3, judged: 20 },
      verdicts,
      drift: { verdict: this.drifts ? 'retrain' : 'calm', reason: 'two signs', window: this.windows },
      lastAbortMs,
      lastAbortAsked: false,
      wasUsed: (id) => this.started.some(({ triggerId }) => triggerId === id),
    });
    if (!due) return;
    assert.ok(
      trainings.every(({ state }) => state !== 'running'),
      'two trainings at once',
    );
    const startedAt = new Date(nowMs).toISOString();
    this.started.push({ ...due, atMs: nowMs, paused, verdicts: verdicts.length });
    const run = { triggerId: due.triggerId, state: 'running' as const, startedAt, endedAt: null };
    // The list that is read ends after the newest twenty; here after two, to see what depends on it.
    this.trainings = [{ ...run, version: null, message: '' }, ...trainings].slice(0, 2);
    const refusal = this.refusals.at(-1);
    if (refusal && (due.kind === 'confidence' || due.kind === 'drift'))
      assert.ok(nowMs - refusal.atMs >= 6 * 3_600_000 || verdicts.length - refusal.verdicts >= 10);
  }
}

test('over any history ids are never used twice, trainings never overlap, and pauses and back-offs hold', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 200, size: 'max' }), (events) => {
      const world = new World();
      for (const one of events) {
        world.apply(one);
        world.look();
      }
      const ids = world.started.map(({ triggerId }) => triggerId);
      assert.equal(new Set(ids).size, ids.length, ids.join(' '));
      assert.ok(world.started.every(({ kind, paused }) => kind === 'asked' || !paused));
    }),
    { numRuns: 200 },
  );
});
