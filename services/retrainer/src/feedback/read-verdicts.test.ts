import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FeedbackEvent } from '@verdict/contracts';
import { sampleMissed } from '../testing/sample-feedback.fixture.ts';
import { readVerdicts } from './read-verdicts.ts';

const verdict: FeedbackEvent = {
  version: 1,
  feedbackId: '0b0e3c5e-6f0a-4b8e-9a6c-1d2e3f405162',
  anomalyId: '0f1e2d3c4b5a69788796a5b4',
  verdict: 'false',
  person: 'ada',
  at: 1_700_000_000_000,
};
const event = (sequence: number, body: Uint8Array) => ({ sequence, body, enqueuedAtMs: 0 });
const bytes = (text: string) => new TextEncoder().encode(text);

test('verdicts keep their order and sequence numbers', () => {
  const body = bytes(JSON.stringify(verdict));
  const read = readVerdicts([event(4, body), event(5, body)]);
  assert.deepEqual(
    read.events.map((one) => one.sequence),
    [4, 5],
  );
  assert.deepEqual(read.events[0]?.event, verdict);
  assert.deepEqual(read.undecodable, []);
});

test('what is no verdict becomes a dead letter that says why, and stops nobody', () => {
  const read = readVerdicts([
    event(1, bytes('{')),
    event(2, new Uint8Array([0xff, 0xfe])),
    event(3, bytes(JSON.stringify({ ...verdict, verdict: 'maybe' }))),
    event(4, bytes(JSON.stringify(verdict))),
  ]);
  assert.deepEqual(
    read.undecodable.map((one) => one.sequence),
    [1, 2, 3],
  );
  assert.match(read.undecodable[2]?.detail ?? '', /verdict/);
  assert.equal(read.events.length, 1);
});

test('the character zero, which the database cannot keep, is taken out of texts', () => {
  const odd = { ...verdict, person: 'a\0da', reason: '\0', comment: 'no\0thing' };
  const read = readVerdicts([event(1, bytes(JSON.stringify(odd)))]);
  assert.deepEqual(read.events[0]?.event, { ...verdict, reason: '', comment: 'nothing' });
});

test('reports of missed anomalies are told apart by their kind', () => {
  const report = sampleMissed({ comment: 'slow\0 for an hour' });
  const read = readVerdicts([
    event(1, bytes(JSON.stringify(verdict))),
    event(2, bytes(JSON.stringify(report))),
    event(3, bytes(JSON.stringify({ ...report, kind: 'praise' }))),
    event(4, bytes(JSON.stringify({ ...report, from: report.to + 1 }))),
    event(5, bytes('null')),
  ]);
  assert.deepEqual(read.missed, [{ sequence: 2, event: { ...report, comment: 'slow for an hour' } }]);
  assert.deepEqual(
    read.events.map((one) => one.sequence),
    [1],
  );
  assert.deepEqual(
    read.undecodable.map(({ sequence, detail }) => [sequence, detail.slice(0, 5)]),
    [
      [3, 'kind:'],
      [4, 'to: n'],
      [5, ': Inv'],
    ],
  );
});
