import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configMap, configMapKind } from '../testing/config-map.ts';
import { controlledBy, controllerOf, keyOf, nameOf } from './kube-object.ts';
import { collectionPath, objectPath, resourceKind } from './resource-kind.ts';

test('Keys and names are each other’s inverse, with and without a namespace', () => {
  for (const name of [{ namespace: 'shop', name: 'cart' }, { name: 'node-1' }])
    assert.deepEqual(nameOf(keyOf(name)), name);
  assert.equal(keyOf(configMap('a')), 'default/a');
  assert.throws(() => keyOf({ name: '' }), /without a name/);
});

test('The controller is found among the owners, and only an object of the server can be one', () => {
  const owner = { ...configMap('owner'), metadata: { namespace: 'default', name: 'owner', uid: 'u-1' } };
  const child = configMap('child');
  const other = { apiVersion: 'v1', kind: 'Pod', name: 'x', uid: 'u-2' };
  child.metadata.ownerReferences = [other, controlledBy(owner)];
  assert.equal(controllerOf(child)?.uid, 'u-1');
  assert.equal(controllerOf(configMap('orphan')), undefined);
  assert.throws(() => controlledBy(configMap('unseen')), /the server never saw it/);
});

test('Paths are those of the API server', () => {
  assert.equal(collectionPath(configMapKind, 'shop'), '/api/v1/namespaces/shop/configmaps');
  const pools = resourceKind({
    apiVersion: 'verdict.dev/v1alpha1',
    kind: 'DetectorPool',
    plural: 'detectorpools',
    namespaced: true,
  });
  assert.equal(collectionPath(pools), '/apis/verdict.dev/v1alpha1/detectorpools');
  assert.equal(
    objectPath(pools, { namespace: 'shop', name: 'cart' }),
    '/apis/verdict.dev/v1alpha1/namespaces/shop/detectorpools/cart',
  );
  assert.throws(() => objectPath(pools, { name: 'cart' }), /needs a namespace/);
  const node = resourceKind({ apiVersion: 'v1', kind: 'Node', plural: 'nodes', namespaced: false });
  assert.equal(objectPath(node, { namespace: 'ignored', name: 'n' }), '/api/v1/nodes/n');
});
