import assert from 'node:assert/strict';
import { test } from 'node:test';
import { promisify } from 'node:util';
import {
  AddressRefused,
  addressGuard,
  nothingAllowed,
  type Resolve,
  readAllowedAddresses,
} from './address-guard.ts';
import { isRefusedAddress } from './refused-networks.ts';

/** A name server that answers everything with these. */
const resolving =
  (...addresses: string[]): Resolve =>
  (_host, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

async function addressOf(url: string, allow: string, ...addresses: string[]): Promise<unknown> {
  const guard = addressGuard(readAllowedAddresses(allow) ?? nothingAllowed, resolving(...addresses));
  guard.checkUrl(new URL(url));
  const look = guard.lookupFor(new URL(url));
  return promisify<string, { all: true }, unknown>(look as never)(new URL(url).hostname, { all: true });
}

test('addresses inside our own networks are refused, however they are written', () => {
  const guard = addressGuard(nothingAllowed);
  for (const host of [
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f.1',
    '0.0.0.0',
    '10.1.2.3',
    '172.31.255.255',
    '192.168.0.1',
    '169.254.169.254',
    '168.63.129.16',
    '100.64.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:a9fe:a9fe]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '[fd00::1]',
    '[fe80::1]',
    '[ff02::1]',
  ])
    assert.throws(() => guard.checkUrl(new URL(`https://${host}/`)), AddressRefused, host);
  for (const host of ['8.8.8.8', '172.32.0.1', '[2606:4700:4700::1111]'])
    guard.checkUrl(new URL(`https://${host}/`));
  assert.equal(isRefusedAddress('::ffff:10.0.0.1'), true);
  assert.equal(isRefusedAddress('fe80::1%eth0'), true);
  assert.equal(isRefusedAddress('no address'), true);
});

test('a name that resolves to the inside is refused, and only good addresses are connected to', async () => {
  await assert.rejects(addressOf('https://evil.example/', '', '127.0.0.1'), AddressRefused);
  await assert.rejects(addressOf('https://evil.example/', '', '10.0.0.1', 'fd00::1'), AddressRefused);
  await assert.rejects(addressOf('https://nowhere.example/', ''), AddressRefused);
  assert.deepEqual(await addressOf('https://both.example/', '', '10.0.0.1', '8.8.8.8'), [
    { address: '8.8.8.8', family: 4 },
  ]);
});

test('what is allowed by network, address or name may be reached, and nothing beside it', async () => {
  const allowed = '10.0.0.0/8, fd00::/8, 192.168.1.7, alertmanager.monitoring.svc';
  for (const address of ['10.9.9.9', 'fd00::5', '192.168.1.7', '::ffff:10.1.1.1'])
    assert.equal((await addressOf('http://x.example/', allowed, address)) !== null, true, address);
  await assert.rejects(addressOf('http://x.example/', allowed, '192.168.1.8'), AddressRefused);
  await addressOf('http://alertmanager.monitoring.svc:9093/', allowed, '172.20.0.4');
  await addressOf('http://Alertmanager.monitoring.svc./', allowed, '172.20.0.4');
  await assert.rejects(addressOf('http://x.monitoring.svc/', allowed, '172.20.0.4'), AddressRefused);
});

test('plain http is refused where nothing was allowed', async () => {
  await assert.rejects(addressOf('http://x.example/', '', '8.8.8.8'), /plain http/);
  assert.throws(() => addressGuard(nothingAllowed).checkUrl(new URL('http://8.8.8.8/')), /plain http/);
});

test('a list with something else in it is refused whole', () => {
  for (const text of ['10.0.0.0/33', '10.0.0/8', '10.0.0.0/-1', 'a b', 'http://x', '::/129', '10.0.0.0/8/8'])
    assert.equal(readAllowedAddresses(text), null, text);
  assert.equal(readAllowedAddresses(' ')?.hosts.size, 0);
});
