import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import rhea from 'rhea';
import { encodeEvent, splitBatch, splitEvent } from './event-message.ts';
import { withLastEnqueued } from './last-enqueued.ts';
import { DecodeError } from './message-sections.ts';

const { message } = rhea;
const place = { sequenceNumber: 2 ** 40 + 5, offset: 12_345, enqueuedAtMs: 1_700_000_000_123 };
const word = fc.string({ minLength: 1, maxLength: 300 });
const anyMessage = fc.record(
  {
    durable: fc.constant(true),
    message_id: word,
    content_type: fc.constant('text/plain'),
    application_properties: fc.dictionary(word, fc.oneof(word, fc.integer(), fc.boolean()), {
      minKeys: 1,
      maxKeys: 20,
    }),
    message_annotations: fc.dictionary(fc.stringMatching(/^[a-z-]{1,20}$/), word, { minKeys: 1, maxKeys: 9 }),
    delivery_annotations: fc.constant({ hop: 'one' }),
    body: fc.oneof(
      word,
      fc.double({ noNaN: true, min: -1e9, max: 1e9 }),
      fc.uint8Array({ maxLength: 400 }).map((bytes) => message.data_section(Buffer.from(bytes))),
      fc.array(word).map((words) => message.sequence_section(words)),
    ),
  },
  { requiredKeys: ['body'] },
);

test('an event gets its place and else stays what it was, byte for byte where nobody looks', () => {
  fc.assert(
    fc.property(anyMessage, (sent) => {
      const bytes = message.encode(sent);
      const stored = encodeEvent(splitEvent(bytes), place);
      const got = message.decode(stored);
      const expected = message.decode(bytes);
      const annotations = {
        'x-opt-sequence-number': place.sequenceNumber,
        'x-opt-offset': '12345',
        'x-opt-enqueued-time': new Date(place.enqueuedAtMs),
        ...(expected.message_annotations ?? {}),
      };
      assert.deepEqual({ ...got.message_annotations }, annotations);
      for (const part of ['durable', 'message_id', 'content_type', 'application_properties', 'body']) {
        assert.deepEqual(got[part], expected[part]);
      }
      assert.equal(got.delivery_annotations, undefined);
      // Sent on by a consumer, it gets its new place instead of the old one.
      const again = message.decode(encodeEvent(splitEvent(stored), { ...place, sequenceNumber: 9 }));
      assert.deepEqual({ ...again.message_annotations }, { ...annotations, 'x-opt-sequence-number': 9 });
    }),
  );
});

test('a batch is cut into its events, and its key is found', () => {
  const events = ['a', 'b'.repeat(500)].map((body) => message.encode({ body }));
  const envelope = message.encode({
    body: message.data_sections(events),
    message_annotations: { 'x-opt-partition-key': 'schlüssel' },
  });
  const batch = splitBatch(envelope);
  assert.equal(batch.partitionKey, 'schlüssel');
  assert.deepEqual(
    batch.events.map((event) => message.decode(encodeEvent(event, place)).body),
    ['a', 'b'.repeat(500)],
  );
});

test('the state of the partition goes between the header and the rest', () => {
  const stored = encodeEvent(splitEvent(message.encode({ durable: true, body: 'x' })), place);
  const state = {
    beginningSequenceNumber: 0,
    lastSequenceNumber: 7,
    lastOffset: 99,
    lastEnqueuedAtMs: 5,
    isEmpty: false,
  };
  const got = message.decode(withLastEnqueued(stored, state, 6));
  assert.deepEqual(
    { ...got.delivery_annotations },
    {
      last_enqueued_sequence_number: 7,
      last_enqueued_offset: '99',
      last_enqueued_time_utc: new Date(5),
      runtime_info_retrieval_time_utc: new Date(6),
    },
  );
  assert.deepEqual([got.durable, got.body], [true, 'x']);
});

test('bytes that are no message are refused, never read past their end', () => {
  const good = message.encode({
    body: 'text',
    application_properties: { a: 1 },
    message_annotations: { b: 'c' },
  });
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.uint8Array({ maxLength: 40 }), (length, noise) => {
      for (const bytes of [good.subarray(0, length), Buffer.from(noise), Buffer.concat([good, noise])]) {
        try {
          encodeEvent(splitEvent(bytes), place);
        } catch (error) {
          assert.ok(error instanceof DecodeError, String(error));
        }
      }
    }),
  );
});
