import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { busyMinute, defaultFloodPolicy, floodLimit, floodOf, quotaExceeded } from './answer-pace.ts';

const policy = { perMinute: 20, factor: 4 };
const minutes = fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 60 });

test('somebody new has the bound of the policy, whatever the first minutes were like', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 500 }), { maxLength: 9 }), (earlierMinutes) => {
      assert.equal(busyMinute(earlierMinutes), null);
      assert.equal(floodOf({ lastMinute: 20, earlierMinutes }, policy), null);
      assert.deepEqual(floodOf({ lastMinute: 21, earlierMinutes }, policy), { limit: 20, usual: null });
    }),
  );
});

test('up to the bound of the policy nothing is a flood, and never up to what is usual', () => {
  fc.assert(
    fc.property(minutes, fc.nat({ max: 300 }), (earlierMinutes, lastMinute) => {
      const flood = floodOf({ lastMinute, earlierMinutes }, policy);
      if (lastMinute <= policy.perMinute || lastMinute <= (busyMinute(earlierMinutes) ?? 0))
        assert.equal(flood, null);
      if (flood) assert.ok(lastMinute > flood.limit && flood.limit >= policy.perMinute);
    }),
  );
});

test('who answers much may answer four times as much; one wild minute in ten does not become usual', () => {
  const busy = Array.from({ length: 30 }, () => 10);
  assert.equal(floodOf({ lastMinute: 40, earlierMinutes: busy }, policy), null);
  assert.deepEqual(floodOf({ lastMinute: 41, earlierMinutes: busy }, policy), { limit: 40, usual: 10 });
  const calm = [...Array.from({ length: 18 }, () => 2), 500, 500];
  assert.equal(busyMinute(calm), 2);
  assert.equal(floodLimit(busyMinute(calm), policy), 20);
});

test('a faster history never makes the limit lower', () => {
  fc.assert(
    fc.property(minutes, fc.integer({ min: 0, max: 50 }), (earlier, more) => {
      const [slow, fast] = [earlier, earlier.map((count) => count + more)].map((list) =>
        floodLimit(busyMinute(list), defaultFloodPolicy),
      );
      assert.ok((fast ?? 0) >= (slow ?? 0));
    }),
  );
});

test('a quota is used up by the hour or by the day, the day first; taking back is possible up to twice', () => {
  const quota = { perHour: 5, perDay: 8 };
  const given = (hour: number, day: number, takesBack = false) =>
    quotaExceeded(
      { hour: { answers: hour, freesAtMs: 1 }, day: { answers: day, freesAtMs: 2 }, takesBack },
      quota,
    );
  assert.equal(given(4, 7), null);
  assert.deepEqual(given(5, 5), { quota: 5, per: 'hour', untilMs: 1 });
  assert.deepEqual(given(5, 8), { quota: 8, per: 'day', untilMs: 2 });
  assert.equal(given(9, 9, true), null);
  assert.deepEqual(given(10, 10, true), { quota: 5, per: 'hour', untilMs: 1 });
});
