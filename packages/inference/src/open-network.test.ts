import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { NetworkFormatError, openNetwork } from './open-network.ts';

/** y = tanh(x · diag(1, 2, −1)), batch × 3, written by the exporter of the training package. */
const tiny = Buffer.from(
  'CAgSB3ZlcmRpY3Q6kgEKFAoBeAoBdxIBehoBeiIGTWF0TXVsCg8KAXoSAXkaAXkiBFRhbmgSBHRpbnkqLwoCAwMQAUIBd0okAACAPwAA' +
    'AAAAAAAAAAAAAAAAAEAAAAAAAAAAAAAAAAAAAIC/WhgKAXgSEwoRCAESDQoHEgViYXRjaAoCCANiGAoBeRITChEIARINCgcSBWJhdGNo' +
    'CgIIA0ICEBE=',
  'base64',
);

const network = await openNetwork(tiny);
after(() => network.close());

test('a net gives back one row per row', async () => {
  assert.equal(network.inputWidth, 3);
  const output = await network.run(Float32Array.of(0.5, 0.5, 0.5, -1, 0, 2), 2);
  const expected = [0.5, 1, -0.5, -1, 0, -2].map(Math.tanh);
  assert.equal(output.length, 6);
  output.forEach((value, index) => {
    assert.ok(Math.abs(value - (expected[index] ?? 0)) < 1e-6);
  });
});

test('a row gives the same bits in whatever company, at any place', async () => {
  const count = 1009;
  const rows = Float32Array.from({ length: 3 * count }, (_, i) => Math.sin(i * 1.7) * 3);
  const together = await network.run(rows, count);
  for (let row = 0; row < count; row += 7) {
    const alone = await network.run(rows.slice(3 * row, 3 * row + 3), 1);
    assert.deepEqual(alone, together.slice(3 * row, 3 * row + 3), `row ${row}`);
  }
  for (const few of [47, 48, 49, 480, 481])
    assert.deepEqual(await network.run(rows, few), together.slice(0, 3 * few), `${few} rows`);
});

test('calls may overlap', async () => {
  const inputs = Array.from({ length: 20 }, (_, i) => Float32Array.of(i / 10, -i / 10, i / 20));
  const expected: Float32Array[] = [];
  for (const input of inputs) expected.push(await network.run(input, 1));
  assert.deepEqual(await Promise.all(inputs.map((input) => network.run(input, 1))), expected);
});

test('bytes that are no net are refused with a clear error', async () => {
  const truncated = tiny.subarray(0, 40);
  for (const garbage of [new Uint8Array(0), new TextEncoder().encode('no net at all'), truncated]) {
    await assert.rejects(openNetwork(garbage), NetworkFormatError);
  }
});

test('rows that do not fit the net are refused', async () => {
  await assert.rejects(network.run(new Float32Array(5), 2), /5 numbers are not 2 windows of 3/);
  await assert.rejects(network.run(new Float32Array(3), 0), RangeError);
});

test('a closed net says so, and closing twice is harmless', async () => {
  const other = await openNetwork(tiny);
  await other.close();
  await other.close();
  await assert.rejects(other.run(new Float32Array(3), 1), /closed/);
});
