import assert from 'node:assert/strict';
import { appendFile, copyFile, mkdtemp, open, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { openLogFile } from './log-file.ts';
import { LogReader } from './log-reader.ts';
import { type EncodeAt, PartitionLog } from './partition-log.ts';
import { locate } from './start-position.ts';

const text =
  (body: string): EncodeAt =>
  ({ sequenceNumber }) =>
    Buffer.from(`${sequenceNumber}:${body}`);

describe('the log of a partition', () => {
  let folder = '';
  let nowMs = 1_000;
  const logs: PartitionLog[] = [];
  const openLog = async (segmentBytes = 2_000, afterMs = 1e9, maxBytes = 1e9): Promise<PartitionLog> => {
    const log = await PartitionLog.open({
      folder,
      openFile: openLogFile,
      retention: { afterMs, maxBytes, segmentBytes },
      nowMs: () => nowMs,
      warn: () => undefined,
    });
    logs.push(log);
    return log;
  };
  const readAll = async (log: PartitionLog, from = 0): Promise<string[]> => {
    const reader = new LogReader(log, openLogFile, from);
    const found: string[] = [];
    while (reader.nextSequence <= log.state.lastSequenceNumber) {
      found.push(...(await reader.read(500)).map((message) => message.toString()));
    }
    await reader.close();
    return found;
  };

  beforeEach(async () => {
    nowMs = 1_000;
    folder = await mkdtemp(join(tmpdir(), 'partition-log-'));
  });
  afterEach(async () => {
    for (const log of logs.splice(0)) await log.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('gives back what was appended, over many segments and after opening it again', async () => {
    const log = await openLog();
    const expected: string[] = [];
    for (let batch = 0; batch < 40; batch++) {
      const events = Array.from({ length: 1 + (batch % 5) }, (_, i) => `${batch}.${i}`.padEnd(60, 'x'));
      for (const event of events) expected.push(`${expected.length}:${event}`);
      await log.append(events.map(text));
    }
    assert.ok(log.segments.length > 3);
    assert.deepEqual(await readAll(log), expected);
    const state = log.state;
    await log.close();
    const again = await openLog();
    assert.deepEqual(again.state, state);
    assert.deepEqual(await readAll(again, 17), expected.slice(17));
  });

  test('cuts a torn batch as a whole and keeps what was acknowledged', async () => {
    const log = await openLog(1e6);
    await log.append([text('kept'), text('kept too')]);
    await log.append([text('torn'), text('torn too')]);
    await log.close();
    const path = log.segments[0]?.path ?? '';
    await truncate(path, (await stat(path)).size - 3);
    const again = await openLog(1e6);
    assert.deepEqual(await readAll(again), ['0:kept', '1:kept too']);
    await again.append([text('next')]);
    assert.deepEqual(await readAll(again), ['0:kept', '1:kept too', '2:next']);
    await again.close();
    await appendFile(path, Buffer.alloc(100, 7));
    assert.equal((await openLog(1e6)).state.lastSequenceNumber, 2);
  });

  test('finds an event by offset, sequence number and time, inclusive or behind it', async () => {
    const log = await openLog(300);
    const places: { offset: number; enqueuedAtMs: number }[] = [];
    for (let batch = 0; batch < 20; batch++) {
      nowMs = 1_000 + Math.floor(batch / 2) * 10;
      await log.append(
        ['a', 'b'].map((body) => (place) => {
          places.push({ offset: place.offset, enqueuedAtMs: place.enqueuedAtMs });
          return Buffer.from(body.repeat(20));
        }),
      );
    }
    const find = (from: 'offset' | 'sequence' | 'enqueuedAtMs', value: number, inclusive: boolean) =>
      locate(log, { from, value, inclusive }, openLogFile);
    for (const [sequence, place] of places.entries()) {
      assert.equal(await find('offset', place.offset, true), sequence);
      assert.equal(await find('offset', place.offset, false), sequence + 1);
      assert.equal(await find('sequence', sequence, true), sequence);
      assert.equal(await find('sequence', sequence, false), sequence + 1);
      const firstOfTime = places.findIndex(({ enqueuedAtMs }) => enqueuedAtMs === place.enqueuedAtMs);
      assert.equal(await find('enqueuedAtMs', place.enqueuedAtMs, true), firstOfTime);
      assert.equal(await find('enqueuedAtMs', place.enqueuedAtMs, false), firstOfTime + 4);
    }
    assert.equal(await locate(log, { from: 'earliest' }, openLogFile), 0);
    assert.equal(await locate(log, { from: 'latest' }, openLogFile), 40);
    await assert.rejects(find('sequence', 41, false), /The last sequence number in the system is '39'/);
    await assert.rejects(find('offset', 1e9, true), /invalid/);
  });

  test('drops old segments by age and by size, and numbers go on', async () => {
    const log = await openLog(500, 10_000, 1_500);
    for (let i = 0; i < 40; i++) await log.append([text('y'.repeat(50))]);
    await log.applyRetention();
    assert.ok(log.state.beginningSequenceNumber > 15);
    assert.equal(log.state.lastSequenceNumber, 39);
    const lastOffset = log.state.lastOffset;
    nowMs += 20_000;
    await log.applyRetention();
    assert.deepEqual(log.state, {
      beginningSequenceNumber: 40,
      lastSequenceNumber: 39,
      lastOffset,
      lastEnqueuedAtMs: 1_000,
      isEmpty: true,
    });
    nowMs = 500;
    await log.append([text('z')]);
    assert.equal(log.state.lastEnqueuedAtMs, 1_000, 'enqueued times never go back');
    assert.deepEqual(await readAll(log), ['40:z']);
  });

  test('opens after a cut at any byte with exactly the batches before it', async () => {
    const log = await openLog(1e6);
    const ends: number[] = [];
    for (let batch = 0; batch < 6; batch++) {
      await log.append(Array.from({ length: batch + 1 }, (_, i) => text(`${batch}.${i}`)));
      ends.push(log.segments[0]?.end ?? 0);
    }
    const path = log.segments[0]?.path ?? '';
    await log.close();
    await copyFile(path, `${path}.whole`);
    for (let length = ends.at(-1) ?? 0; length >= 0; length -= 7) {
      await copyFile(`${path}.whole`, path);
      await truncate(path, length);
      const whole = ends.filter((end) => end <= length).length;
      const cut = await openLog(1e6);
      assert.equal(cut.state.lastSequenceNumber, (whole * (whole + 1)) / 2 - 1, `cut at ${length}`);
      await cut.append([text('on')]);
      assert.equal((await readAll(cut)).length, (whole * (whole + 1)) / 2 + 1);
      await cut.close();
    }
  });

  test('tells a reader of damage instead of handing out other bytes', async () => {
    const log = await openLog(1e6);
    await log.append([text('a'.repeat(100))]);
    await log.append([text('b'.repeat(100))]);
    const file = await open(log.segments[0]?.path ?? '', 'r+');
    await file.write(Buffer.from('X'), 0, 1, (log.segments[0]?.end ?? 0) - 10);
    await file.close();
    const reader = new LogReader(log, openLogFile, 0);
    assert.equal((await reader.read(1e5)).length, 1);
    await assert.rejects(reader.read(1e5), /damaged/);
    await reader.close();
  });

  test('a reader at the end follows through new segments while old ones are dropped', async () => {
    const log = await openLog(400, 1e9, 2_000);
    const reader = new LogReader(log, openLogFile, 0);
    const seen: number[] = [];
    const write = async (): Promise<void> => {
      for (let i = 0; i < 300; i++) {
        await log.append([text('w'.repeat(30)), text('w')]);
        if (i % 5 === 0) await log.applyRetention();
      }
    };
    const read = async (): Promise<void> => {
      while (seen.at(-1) !== 599) {
        const messages = await reader.read(300);
        for (const message of messages) seen.push(Number.parseInt(message.toString(), 10));
        if (messages.length === 0) await new Promise(setImmediate);
      }
    };
    await Promise.all([write(), read()]);
    await reader.close();
    assert.ok(seen.every((sequence, i) => i === 0 || sequence > (seen[i - 1] ?? 0)));
    assert.ok(log.state.beginningSequenceNumber > 500);
  });
});
