import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assertPlainNet } from './assert-plain-net.ts';
import { NetworkFormatError, openNetwork } from './open-network.ts';

const varint = (value: number): Buffer => {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
};
const number = (id: number, value: number) => Buffer.concat([varint(id * 8), varint(value)]);
const bytes = (id: number, ...parts: (Uint8Array | string)[]) => {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([varint(id * 8 + 2), varint(body.length), body]);
};
const pair = (key: string, value: string) => bytes(13, bytes(1, key), bytes(2, value));

const weights = (name: string, more: readonly Uint8Array[] = [bytes(9, new Uint8Array(36))]) =>
  bytes(5, number(1, 3), number(1, 3), number(2, 1), bytes(8, name), ...more);
const node = (operator: string, inputs: readonly string[], ...more: Uint8Array[]) =>
  bytes(1, ...inputs.map((input) => bytes(1, input)), bytes(2, 'y'), bytes(4, operator), ...more);
const rows = bytes(1, number(1, 1), bytes(2, bytes(1, bytes(2, 'batch')), bytes(1, number(1, 3))));
const io = (id: number, name: string) => bytes(id, bytes(1, name), bytes(2, rows));
const net = (graph: readonly Uint8Array[], ...more: Uint8Array[]) =>
  Buffer.concat([
    number(1, 8),
    bytes(7, ...graph, bytes(2, 'net'), io(11, 'x'), io(12, 'y')),
    bytes(8, number(2, 13)),
    ...more,
  ]);

const plain = net([weights('w'), node('MatMul', ['x', 'w'])]);

test('a net with its weights inside is opened', async () => {
  const network = await openNetwork(plain);
  assert.deepEqual(await network.run(Float32Array.of(1, 2, 3), 1), new Float32Array(3));
  await network.close();
});

test('a net whose weights lie in a file beside the process is refused, though ONNX Runtime would read it', async () => {
  for (const location of ['package.json', '/etc/passwd', '../../etc/passwd']) {
    const outside = weights('w', [pair('location', location), pair('length', '36'), number(14, 1)]);
    await assert.rejects(openNetwork(net([outside, node('MatMul', ['x', 'w'])])), (error) => {
      assert.ok(error instanceof NetworkFormatError);
      assert.match(error.message, /its weights lie in another file/);
      return true;
    });
  }
});

test('whatever could run on, or grow while it is opened, is refused', () => {
  const cases = [
    [net([weights('w'), node('Loop', ['x', 'w'])]), /uses "Loop"/],
    [net([weights('w'), node('Expand', ['x', 'w'])]), /uses "Expand"/],
    [net([weights('w'), node('MatMul', ['w', 'w'])]), /does not depend on the window/],
    [net([weights('w'), node('MatMul', [])]), /does not depend on the window/],
    [net([weights('w'), node('MatMul', ['x', 'w'], bytes(5, bytes(1, 'body')))]), /has attributes/],
    [net([weights('w'), node('MatMul', ['x', 'w'], bytes(7, 'com.example'))]), /not of ONNX itself/],
    [net([bytes(15, ''), node('MatMul', ['x', 'w'])]), /sparse/],
    [net([weights('w')], bytes(25, '')), /functions/],
    [net([weights('w')], bytes(20, '')), /training/],
  ] as const;
  for (const [onnx, why] of cases) assert.throws(() => assertPlainNet(onnx), why);
  assert.throws(() => assertPlainNet(new Uint8Array(64 * 1024 * 1024 + 1)), /more than/);
});

test('bytes of any kind are refused or taken, and nothing else happens', async () => {
  const cut = fc.nat(plain.length).map((end) => plain.subarray(0, end));
  const changed = fc
    .tuple(fc.nat(plain.length - 1), fc.nat(255))
    .map(([at, byte]) => Buffer.from(plain).fill(byte, at, at + 1));
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 200 }), cut, changed), async (onnx) => {
      try {
        await (await openNetwork(onnx)).close();
      } catch (error) {
        assert.ok(error instanceof NetworkFormatError, String(error));
      }
    }),
    { numRuns: 300 },
  );
});
