import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeReadings } from '@verdict/streams';
import { noWatch, PartitionOutlet } from './partition-outlet.ts';

const reading = (time: number) => [{ series: 'a', time, values: { cpu: time } }];

test('what comes to a busy partition leaves together, in its order', async () => {
  const sent: number[][] = [];
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const outlet = new PartitionOutlet(
    {
      send: async (_partition, bodies) => {
        sent.push(bodies.flatMap((body) => decodeReadings(body).flatMap(({ times }) => [...times])));
        await held;
      },
    },
    '0',
    noWatch,
  );
  const first = outlet.send(reading(1));
  const others = [outlet.send(reading(2)), outlet.send(reading(3))];
  letGo();
  await first;
  // Sent a moment after the first one was through: it leaves with those that waited.
  await Promise.all([...others, outlet.send(reading(4))]);
  assert.deepEqual(sent, [[1], [2, 3, 4]]);
});
