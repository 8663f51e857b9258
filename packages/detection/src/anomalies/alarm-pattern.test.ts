import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mostKinds, withReading } from './alarm-kinds.ts';
import { alarmPattern, isExplainedBy, type SignalEvidence, strengthOf } from './alarm-pattern.ts';
import { KnownAlarms } from './known-alarms.ts';

const evidence = fc.double({ min: -60, max: 60, noNaN: true });
const names = ['a', 'b', 'c', 'd', 'constructor', 'toString', '7'];
/** An alarm: at least one signal is beyond its border. */
const alarm = fc
  .dictionary(fc.constantFrom(...names), evidence, { minKeys: 1, maxKeys: 5 })
  .map((parts) => alarmPattern(Object.entries(parts)))
  .filter((parts) => strongest(parts) > 1);

function strongest(pattern: SignalEvidence): number {
  return Math.max(0, ...Object.values(pattern).map(Math.abs));
}

function scaled(pattern: SignalEvidence, times: number): SignalEvidence {
  return Object.fromEntries(Object.entries(pattern).map(([signal, part]) => [signal, part * times]));
}

test('an alarm is explained by its like, up to a quarter stronger, and however much weaker', () => {
  fc.assert(
    fc.property(alarm, fc.double({ min: 0, max: 1.25, noNaN: true }), (known, times) => {
      assert.ok(isExplainedBy(scaled(known, times), known));
    }),
  );
});

test('a little noise in every signal is still the same alarm', () => {
  const noise = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(alarm, noise, (known, parts) => {
      const reading = Object.fromEntries(
        Object.entries(known).map(([signal, part], at) => [
          signal,
          part + 0.08 * strongest(known) * (parts[at] ?? 0),
        ]),
      );
      assert.ok(isExplainedBy(reading, known));
    }),
  );
});

test('what alarms in other signals, or the other way, is never explained', () => {
  fc.assert(
    fc.property(alarm, alarm, (known, other) => {
      assert.ok(!isExplainedBy(scaled(known, -1), known), 'the other way');
      const elsewhere = Object.fromEntries(
        Object.entries(other).map(([signal, part]) => [`x${signal}`, part]),
      );
      assert.ok(!isExplainedBy(elsewhere, known), 'other signals');
      assert.ok(!isExplainedBy(other, {}), 'by nothing');
    }),
  );
});

test('a clear alarm of another signal on top of a known one is not explained', () => {
  fc.assert(
    fc.property(alarm, (known) => {
      const more = { ...known, extra: 1.01 + 0.2 * 1.25 * strongest(known) };
      assert.ok(!isExplainedBy(more, known));
    }),
  );
});

test('a much stronger alarm is not the same', () => {
  assert.ok(!isExplainedBy({ cpu: 30 }, { cpu: 10 }));
  assert.ok(isExplainedBy({ cpu: 12.5 }, { cpu: 10 }));
  assert.ok(!isExplainedBy({ cpu: 5, mem: 5 }, { cpu: 10 }));
  assert.ok(!isExplainedBy({ cpu: 10 }, { cpu: 10, mem: 10 }));
  assert.ok(isExplainedBy({ cpu: 5, mem: 5.5 }, { cpu: 10, mem: 10 }));
});

test('a weak alarm that goes another way is not explained by a strong one, though little is left of it', () => {
  const job = { cpu: -4, latency: -6, requests: 8 };
  assert.ok(isExplainedBy({ cpu: -0.7, latency: -1.1, requests: 1.4 }, job));
  assert.ok(!isExplainedBy({ cpu: 0.9, requests: 1.3 }, job));
  assert.ok(!isExplainedBy({ latency: -1.4 }, job));
});

test('a pattern names the signals with at least 2 % of the squared norm, by name', () => {
  assert.deepEqual(
    Object.entries(
      alarmPattern([
        ['b', -10],
        ['c', 1.4],
        ['a', 1.5],
        ['d', 0],
      ]),
    ),
    [
      ['a', 1.5],
      ['b', -10],
    ],
  );
  assert.deepEqual(alarmPattern([['a', 0]]), {});
  assert.deepEqual(Object.keys(alarmPattern([['__proto__', 3]])), ['__proto__']);
});

test('kinds: few, none twice, and every reading is explained by one of them while there is room', () => {
  const readings = fc.array(fc.tuple(alarm, fc.double({ min: 0.3, max: 3, noNaN: true })), {
    minLength: 1,
    maxLength: 30,
  });
  fc.assert(
    fc.property(readings, (given) => {
      let kinds: readonly SignalEvidence[] = [];
      const taken: SignalEvidence[] = [];
      for (const [known, times] of given) {
        for (const reading of [known, scaled(known, times)]) {
          if (strongest(reading) <= 1) continue;
          const before = kinds;
          kinds = withReading(kinds, reading);
          taken.push(reading);
          assert.equal(withReading(kinds, reading), kinds, 'the same again changes nothing');
          assert.ok(kinds.length >= before.length && kinds.length <= mostKinds);
        }
      }
      if (kinds.length === mostKinds) return;
      for (const reading of taken) assert.ok(kinds.some((kind) => isExplainedBy(reading, kind)));
    }),
    { numRuns: 300 },
  );
});

test('a signal may be called like something that every object has', () => {
  assert.ok(isExplainedBy({ cpu: 5, constructor: 1 }, { cpu: 5 }));
  assert.ok(isExplainedBy({ cpu: 5 }, { cpu: 5, toString: 1 } as object as SignalEvidence));
});

test('a reading that goes another way far beyond what is known is a kind of its own', () => {
  const others = ['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k'];
  const all = (first: number, rest: number) =>
    Object.fromEntries([['a', first], ...others.map((signal) => [signal, rest])]);
  const [known, reading] = [all(10, 4), all(12.5, 8.4)];
  assert.ok(isExplainedBy(reading, known));
  assert.deepEqual(withReading([known], reading), [known, reading]);
});

test('a kind grows as strong as its strongest reading and keeps its shape', () => {
  const kinds = [
    { a: 4, b: -2 },
    { a: 4.4, b: -2.2 },
    { a: 2, b: -1 },
  ].reduce<readonly SignalEvidence[]>(withReading, []);
  assert.equal(kinds.length, 1);
  assert.ok(Math.abs(strengthOf(kinds[0] ?? {}, { a: 4, b: -2 }) - 1.1) < 1e-9);
});

test('memory holds on its series and up to its end; what was taught holds for ever, on its series or all', () => {
  const pattern = { cpu: 5 };
  const known = new KnownAlarms(new Map([['a', [{ pattern, untilMs: 100 }]]]), [
    { series: 'b', pattern },
    { series: null, pattern: { disk: -3 } },
  ]);
  assert.deepEqual(
    [
      known.explain('a', 100, { cpu: 5 }),
      known.explain('a', 100.5, { cpu: 5 }),
      known.explain('b', 1e15, { cpu: 5 }),
      known.explain('c', 0, { cpu: 5 }),
      known.explain('c', 0, { disk: -3 }),
    ],
    [true, false, true, false, true],
  );
  assert.ok(!new KnownAlarms(new Map(), []).concerns('a'));
});

test('what was taught is known more widely than what one answer said, up to half as strong again', () => {
  const pattern = { cpu: 10, mem: 10 };
  const remembered = new KnownAlarms(new Map([['a', [{ pattern, untilMs: 100 }]]]), []);
  const taught = new KnownAlarms(new Map(), [{ series: 'a', pattern }]);
  const readings: [SignalEvidence, boolean, boolean][] = [
    [{ cpu: 10, mem: 13 }, true, true],
    [{ cpu: 6, mem: 16 }, false, true],
    [{ cpu: 14.5, mem: 14.5 }, true, true],
    [{ cpu: 20, mem: 20 }, false, true],
    [{ cpu: 40, mem: 40 }, false, false],
    [{ cpu: 0, mem: 18 }, false, false],
  ];
  for (const [reading, byOneAnswer, byTeaching] of readings) {
    assert.equal(remembered.explain('a', 0, reading), byOneAnswer, JSON.stringify(reading));
    assert.equal(taught.explain('a', 0, reading), byTeaching, JSON.stringify(reading));
  }
});
