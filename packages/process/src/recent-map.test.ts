import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RecentMap } from './recent-map.ts';

test('what was set longest ago is forgotten first', () => {
  const map = new RecentMap<string, number>(2);
  map.set('a', 1);
  map.set('b', 2);
  map.set('c', 3);
  assert.deepEqual([map.get('a'), map.get('b'), map.get('c')], [undefined, 2, 3]);
  assert.equal(map.size, 2);
});

test('what is set again stays, what is only read does not', () => {
  const map = new RecentMap<string, number>(2);
  map.set('a', 1);
  map.set('b', 2);
  map.set('a', 10);
  assert.equal(map.get('b'), 2);
  map.set('c', 3);
  assert.deepEqual([map.get('a'), map.get('b'), map.get('c')], [10, undefined, 3]);
});

test('a full map forgets nothing when a key that it knows is set', () => {
  const map = new RecentMap<string, number>(2);
  map.set('a', 1);
  map.set('b', 2);
  map.set('b', 20);
  assert.deepEqual([map.get('a'), map.get('b')], [1, 20]);
});

const keys = ['a', 'b', 'c', 'd', 'e', undefined];
const step = fc.record({
  verb: fc.constantFrom('set' as const, 'set' as const, 'delete' as const),
  key: fc.constantFrom(...keys),
  value: fc.option(fc.nat(9), { nil: undefined }),
});

test('it says what a list of all that was set would say', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.array(step, { maxLength: 60 }), (most, steps) => {
      const map = new RecentMap<string | undefined, number | undefined>(most);
      let list: (readonly [string | undefined, number | undefined])[] = [];
      for (const { verb, key, value } of steps) {
        const others = list.filter(([known]) => known !== key);
        if (verb === 'set') map.set(key, value);
        else map.delete(key);
        list = verb === 'set' ? [...others, [key, value] as const].slice(-most) : others;
        assert.equal(map.size, list.length);
        for (const one of keys) assert.equal(map.get(one), list.find(([known]) => known === one)?.[1]);
      }
    }),
  );
});
