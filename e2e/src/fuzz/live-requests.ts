import fc from 'fast-check';
import type { LiveGarbage, WrittenRequest } from './fuzz-request.ts';
import { hostileJson } from './hostile-json.ts';
import { hostileText } from './hostile-text.ts';

const events = [
  'watch',
  'unwatch',
  'renew',
  'connect',
  'disconnect',
  'error',
  'anomaly',
  '__proto__',
  'message',
];

/** What engine.io and socket.io understand, and more: packets of events with wrong bodies, binary ones, and noise. */
const frame: fc.Arbitrary<string | Uint8Array> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.constantFrom(...events), hostileJson, fc.nat(9))
      .map(([name, { text }, id]) => `42${id}["${name}",${text}]`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '42["watch"]',
      '42[]',
      '42{}',
      '42',
      '40',
      '40{"token":1}',
      '41',
      '43[]',
      '451-["watch",{"_placeholder":true,"num":9}]',
      '459999999-["a"]',
      '0{"sid":"x"}',
      '2probe',
      '5',
      '6',
      '42["watch",{"series":["*"]}]',
    ),
  },
  { weight: 1, arbitrary: hostileText.map((text) => `4${text.toWellFormed()}`) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 100 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(60_000, 70_000, 1_100_000).map((size) => `42["watch","${'a'.repeat(size)}"]`),
  },
);

/** A live connection full of it. */
export const liveGarbage: fc.Arbitrary<LiveGarbage> = fc
  .tuple(fc.array(frame, { minLength: 1, maxLength: 12 }), fc.boolean())
  .map(([frames, known]) => ({ kind: 'live', frames, known }));

/** The same over long polling, with and without a connection to which it could belong. */
export const pollingRequests: fc.Arbitrary<WrittenRequest> = fc
  .tuple(
    fc.constantFrom('4', '3', 'x', ''),
    fc.constantFrom('polling', 'websocket', 'webtransport', '__proto__', ''),
    fc.option(hostileText),
    fc.oneof(
      frame.map((one) => Buffer.from(one)),
      fc.constant(null),
    ),
  )
  .map(([version, transport, sid, body]) => ({
    kind: 'written',
    method: body === null ? 'GET' : 'POST',
    path: `/socket.io/?EIO=${version}&transport=${transport}${sid === null ? '' : `&sid=${encodeURIComponent(sid.toWellFormed())}`}`,
    headers: { 'content-type': 'text/plain' },
    body,
  }));
