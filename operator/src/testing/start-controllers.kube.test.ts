import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { controlledBy, uidOf } from '../kube/kube-object.ts';
import { resourceKind } from '../kube/resource-kind.ts';
import { applyCrds } from './apply-crds.ts';
import type { ChildProgram } from './child-program.ts';
import { configMap, configMapKind } from './config-map.ts';
import { poll } from './poll.ts';
import { controllersMissing, startControllers } from './start-controllers.ts';
import { type KubeApi, startKubeApi } from './start-kube-api.ts';

describe('An API server with the real controllers', { skip: controllersMissing }, () => {
  let api: KubeApi;
  let controllers: ChildProgram;
  before(async () => {
    api = await startKubeApi();
    controllers = startControllers(api, ['garbage-collector-controller']);
  });
  after(async () => {
    await controllers?.stop(0);
    await api?.close();
  });

  test('What an object controls is collected after it, and nothing else', async () => {
    const owner = await api.client.create(configMapKind, configMap('owner'));
    for (const name of ['child', 'stranger'])
      await api.client.serverSideApply(configMapKind, {
        metadata: {
          namespace: 'default',
          name,
          ownerReferences: name === 'child' ? [controlledBy(owner)] : [],
        },
      });
    const at = (name: string) => ({ namespace: 'default', name });
    await api.client.delete(configMapKind, at('owner'), { uid: uidOf(owner) });
    await poll('the child to be collected', async () => {
      controllers.assertRunning();
      return (await api.client.get(configMapKind, at('child'))) === undefined;
    });
    assert.ok(await api.client.get(configMapKind, at('stranger')));
  });

  test('Our definitions are served once they are applied, and applying them again changes nothing', async () => {
    await applyCrds(api.client);
    await applyCrds(api.client);
    const pools = resourceKind({
      apiVersion: 'verdict.dev/v1alpha1',
      kind: 'DetectorPool',
      plural: 'detectorpools',
      namespaced: true,
    });
    assert.deepEqual((await api.client.list(pools)).items, []);
  });
});
