import fc from 'fast-check';
import type { RawRequest } from './fuzz-request.ts';

const host = 'Host: localhost';
const post = (lines: readonly string[], body = ''): string =>
  [`POST /auth/token HTTP/1.1`, host, 'Content-Type: application/json', ...lines, '', body].join('\r\n');
const hidden = 'GET /keys HTTP/1.1\r\nHost: localhost\r\n\r\n';

/** What two servers in a row might read in two ways: must be refused. */
const smuggling = [
  post(['Content-Length: 6', 'Transfer-Encoding: chunked'], `0\r\n\r\n${hidden}`),
  post(['Transfer-Encoding: chunked', 'Content-Length: 4'], `5c\r\n${hidden}\r\n0\r\n\r\n`),
  post(['Transfer-Encoding: chunked, identity'], `0\r\n\r\n${hidden}`),
  post(['Transfer-Encoding: xchunked'], `0\r\n\r\n${hidden}`),
  post(['Transfer-Encoding : chunked'], `0\r\n\r\n${hidden}`),
  post(['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'], `0\r\n\r\n${hidden}`),
  post(['Content-Length: 0', 'Content-Length: 44'], hidden),
  post(['Content-Length: +5'], `12345${hidden}`),
  post(['Content-Length: 5, 5'], `12345${hidden}`),
  post(['Content-Length: 0x5'], `12345${hidden}`),
  post(['Content-Length: -1'], hidden),
  post(['Content-Length: 99999999999999999999999'], hidden),
  post(['Transfer-Encoding: chunked'], `0x5\r\nabcde\r\n0\r\n\r\n`),
  post(['Transfer-Encoding: chunked'], `-1\r\n\r\n`),
  post(['Transfer-Encoding: chunked'], `fffffffffffffffff\r\n`),
  post(['X: a\nContent-Length: 5'], hidden),
  post(['X: a\rTransfer-Encoding: chunked'], hidden),
  post(['Content-Length\0: 5'], hidden),
  post([' folded: yes'], hidden),
].map((text) => ({ text, only: 400 }));

const oddities = [
  '',
  '\r\n\r\n\r\n',
  'GET\r\n\r\n',
  'GET / HTTP/0.9\r\n\r\n',
  'GET / HTTP/9.9\r\nHost: localhost\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  'GET / HTTP/1.1\r\nConnection: close\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n',
  'GET http://169.254.169.254/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
  'GET //evil.example/.. HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
  'GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
  'GET /docs/..%2f..%2f..%2fpackage.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
  'GET /assets/%2e%2e/%2e%2e/package.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
  'GET /%00 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
  'OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
  'CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'TRACE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
  'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 99\r\n\r\n',
  'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff',
  'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
  'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n',
  'GET /healthz HTTP/1.1\r\nHost: localhost\r\nExpect: 200-ok\r\n\r\n',
  post(['Content-Length: 1000'], '{"username":'),
  post(['Transfer-Encoding: chunked', 'Connection: close'], `1;${'x'.repeat(20_000)}\r\na\r\n0\r\n\r\n`),
  post(['Transfer-Encoding: chunked', 'Connection: close'], `0\r\n${'T: x\r\n'.repeat(3000)}\r\n`),
].map((text) => ({ text }));

const giants = [
  { text: `GET /${'a'.repeat(9000)} HTTP/1.1\r\n${host}\r\nConnection: close\r\n\r\n`, only: 414 },
  { text: `GET /${'a'.repeat(70_000)} HTTP/1.1\r\n${host}\r\n\r\n`, only: 431 },
  { text: `GET / HTTP/1.1\r\n${host}\r\nX: ${'a'.repeat(70_000)}\r\n\r\n`, only: 431 },
  { text: `GET / HTTP/1.1\r\n${host}\r\n${'A: b\r\n'.repeat(5000)}\r\n`, only: 431 },
  { text: `GET / HTTP/1.1\r\n${host}\r\n${'a'.repeat(20_000)}: b\r\n\r\n`, only: 431 },
];

const whole = `${post(['Content-Length: 35', 'Connection: close'], '{"username":"ann","password":"bob"}')}`;

/** One request that is right, with some bytes of it changed, left out or doubled. */
const mutated = fc
  .array(fc.tuple(fc.nat(whole.length - 1), fc.constantFrom('put', 'cut', 'double'), fc.nat(255)), {
    minLength: 1,
    maxLength: 6,
  })
  .map((changes) => {
    let text = whole;
    for (const [at, how, code] of changes) {
      const one = String.fromCharCode(code);
      if (how === 'put') text = text.slice(0, at) + one + text.slice(at + 1);
      if (how === 'cut') text = text.slice(0, at) + text.slice(at + 1 + (code % 20));
      if (how === 'double')
        text = text.slice(0, at) + text.slice(Math.max(0, at - (code % 40)), at) + text.slice(at);
    }
    return { text };
  });

/** Bytes on a connection of their own: broken HTTP, attempts at smuggling, giants. */
export const rawRequests: fc.Arbitrary<RawRequest> = fc
  .oneof(
    { weight: 3, arbitrary: fc.constantFrom(...smuggling) },
    { weight: 3, arbitrary: fc.constantFrom(...oddities) },
    { weight: 1, arbitrary: fc.constantFrom(...giants) },
    { weight: 4, arbitrary: mutated },
    {
      weight: 1,
      arbitrary: fc
        .uint8Array({ maxLength: 500 })
        .map((bytes) => ({ text: Buffer.from(bytes).toString('latin1') })),
    },
  )
  .map((given: { text: string; only?: number }) => ({
    kind: 'raw' as const,
    bytes: Buffer.from(given.text, 'latin1'),
    ...(given.only === undefined ? {} : { only: given.only }),
  }));
