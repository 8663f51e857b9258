import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { controlledBy, keyOf } from '../kube/kube-object.ts';
import { type ConfigMap, configMap } from '../testing/config-map.ts';
import { byControllerUid, byLabel } from './object-store.ts';
import { ReflectedObjects } from './reflected-objects.ts';

const owner = (uid: string) =>
  controlledBy({ ...configMap('owner'), metadata: { namespace: 'default', name: 'owner', uid } });

function stored(
  name: string,
  uid: string,
  more: { version: number; label: string; owner: string },
): ConfigMap {
  const { version, label, owner: by } = more;
  return {
    ...configMap(name),
    metadata: {
      namespace: 'default',
      name,
      uid,
      resourceVersion: String(version),
      labels: { colour: label },
      ownerReferences: [owner(by)],
    },
  };
}

/** Names, uids and versions as a server could tell them, however many of them were missed. */
const lists = fc.array(
  fc.uniqueArray(
    fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd'),
      life: fc.integer({ min: 0, max: 2 }),
      version: fc.integer({ min: 0, max: 3 }),
      label: fc.constantFrom('red', 'green'),
      owner: fc.constantFrom('o1', 'o2'),
    }),
    { selector: (one) => one.name },
  ),
  { maxLength: 8 },
);

test('Whatever lists come, handlers are told a history that ends in the last list, and every index agrees with it', () => {
  fc.assert(
    fc.property(lists, (history) => {
      const objects = new ReflectedObjects<ConfigMap>({ colour: byLabel('colour') });
      const heard = new Map<string, ConfigMap>();
      objects.onChange({
        added: (object) => {
          assert.ok(!heard.has(keyOf(object)), 'added twice');
          heard.set(keyOf(object), object);
        },
        updated: (object, old) => {
          assert.equal(heard.get(keyOf(old)), old);
          assert.equal(object.metadata.uid, old.metadata.uid);
          heard.set(keyOf(object), object);
        },
        deleted: (old) => assert.ok(heard.delete(keyOf(old)), 'deleted what was not there'),
      });
      for (const list of history) {
        const items = list.map((one) => stored(one.name, `${one.name}-${one.life}`, one));
        objects.replaceBy(items);
        assert.equal(objects.replaceBy(items), 0, 'the same list again changes nothing');
        assert.deepEqual([...heard.keys()].sort(), items.map(keyOf).sort());
        const { store } = objects;
        for (const item of items) {
          const known = store.get(keyOf(item));
          assert.equal(known?.metadata.uid, item.metadata.uid);
          assert.equal(store.byUid(item.metadata.uid ?? ''), known);
          assert.equal(heard.get(keyOf(item)), known);
        }
        for (const [index, values] of [
          ['colour', ['red', 'green']],
          [byControllerUid, ['o1', 'o2']],
        ] as const) {
          const found = values.flatMap((value) => store.indexed(index, value).map(keyOf));
          assert.deepEqual(found.sort(), store.list().map(keyOf).sort());
        }
      }
    }),
  );
});

test('Who comes late is told what is there', () => {
  const objects = new ReflectedObjects<ConfigMap>(undefined);
  objects.apply({ type: 'ADDED', object: stored('a', 'u', { version: 1, label: 'red', owner: 'o' }) });
  const told: string[] = [];
  const end = objects.onChange({
    added: (object) => told.push(object.metadata.name ?? ''),
    updated: () => assert.fail(),
    deleted: () => assert.fail(),
  });
  end();
  objects.replaceBy([]);
  assert.deepEqual(told, ['a']);
  assert.throws(() => objects.store.indexed('nothing', 'x'), /no index/);
});
