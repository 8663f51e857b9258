import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { leaseKind } from '../kube/lease.ts';
import { configMap, configMapKind } from '../testing/config-map.ts';
import { type FaultProxy, startFaultProxy } from '../testing/fault-proxy.ts';
import { kubeApiMissing } from '../testing/kube-binaries.ts';
import { poll } from '../testing/poll.ts';
import { type KubeApi, startKubeApi } from '../testing/start-kube-api.ts';

const namespace = 'default';
const program = path.join(import.meta.dirname, '../testing/loop-process.ts');

describe('Processes with the whole control loop', { skip: kubeApiMissing }, () => {
  let api: KubeApi;
  let proxy: FaultProxy;
  const children = new Set<ChildProcess>();
  before(async () => {
    api = await startKubeApi();
    proxy = await startFaultProxy({ target: api.url });
  });
  afterEach(() => {
    proxy.plan(undefined);
    for (const child of children) child.kill('SIGKILL');
  });
  after(async () => {
    await proxy?.close();
    await api?.close();
  });

  const start = (identity: string, server = api.url) => {
    const env = {
      ...process.env,
      KUBECONFIG: api.kubeconfigFor(identity, { server }),
      VERDICT_LOG_LEVEL: 'silent',
    };
    const child = spawn(process.execPath, [program, identity], { env, stdio: 'ignore' });
    children.add(child);
    const ended = new Promise<number | null>((resolve) =>
      child.on('exit', (code) => {
        children.delete(child);
        resolve(code);
      }),
    );
    return { child, ended };
  };
  const put = (name: string) =>
    api.client.create(configMapKind, {
      ...configMap(name),
      metadata: { namespace, name, labels: { role: 'watched' } },
    });
  const seenBy = (name: string, identity: string) =>
    poll(`${name} to be seen by ${identity}`, async () => {
      const map = await api.client.get(configMapKind, { namespace, name });
      return map?.data?.seen === identity;
    });
  const holder = async () =>
    (await api.client.get(leaseKind, { namespace, name: 'loop' }))?.spec?.holderIdentity;

  test('Asked to stop, the leader ends well and hands over at once; killed, it is replaced when its lease is over', async () => {
    await put('a');
    const one = start('one');
    await seenBy('a', 'one');
    const two = start('two');
    one.child.kill('SIGTERM');
    assert.equal(await one.ended, 0);
    assert.notEqual(await holder(), 'one');
    await seenBy('a', 'two');
    const three = start('three');
    two.child.kill('SIGKILL');
    await seenBy('a', 'three');
    three.child.kill('SIGTERM');
    assert.equal(await three.ended, 0);
    assert.equal(await holder(), '');
  });

  test('A leader that cannot reach the server ends with an error, and the other one goes on', async () => {
    await put('b');
    const cut = start('cut', proxy.url);
    await seenBy('b', 'cut');
    proxy.plan(() => ({ kind: 'silence' }));
    proxy.freeze(true);
    const other = start('other');
    assert.equal(await cut.ended, 1);
    await seenBy('b', 'other');
    proxy.freeze(false);
    other.child.kill('SIGTERM');
    assert.equal(await other.ended, 0);
  });
});
