import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { fittingValue, type JsonSchema } from './fitting-value.ts';
import type { Credentials, WrittenRequest } from './fuzz-request.ts';
import { writeJson } from './hostile-json.ts';
import { hostileText } from './hostile-text.ts';
import { spoiled } from './spoil.ts';

/** An OpenAPI document, as far as it is read. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, JsonSchema>> };
}

interface Operation {
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly schema: JsonSchema;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> };
}

/** Requests to every route of a document: some that fit, most with something hostile in path, query, headers or body. */
export function routeRequests(document: ApiDocument, credentials: Credentials): fc.Arbitrary<WrittenRequest> {
  const resolve = (ref: string): JsonSchema =>
    document.components?.schemas?.[ref.split('/').at(-1) ?? ''] ?? {};
  const routes = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => requestsTo({ method, path, operation, resolve })),
  );
  return fc
    .tuple(
      fc.oneof(...routes),
      authorization(credentials),
      fc.oneof({ weight: 9, arbitrary: fc.constant({}) }, oddHeaders),
    )
    .map(([request, who, odd]) => ({ ...request, headers: { ...request.headers, ...who, ...odd } }));
}

function authorization(credentials: Credentials): fc.Arbitrary<Record<string, string>> {
  const { key, ...tokens } = credentials;
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const forged = `${credentials.admin.slice(0, -6)}AAAAAA`;
  return fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(bearer(tokens.admin), bearer(tokens.service)) },
    { weight: 2, arbitrary: fc.constantFrom(...Object.values(tokens).map(bearer)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Record<string, string>>(
        { 'x-api-key': key },
        { 'x-api-key': 'vk_x' },
        {},
        bearer(forged),
      ),
    },
    { weight: 1, arbitrary: hostileText.map((text) => ({ authorization: headerValue(`Bearer ${text}`) })) },
  );
}

const oddHeaders: fc.Arbitrary<Record<string, string>> = fc.oneof(
  fc.constantFrom<Record<string, string>>(
    { 'content-type': 'text/plain' },
    { 'content-type': 'application/json; charset=utf-7' },
    { 'content-type': 'application/json; charset=utf-16le' },
    { 'content-type': 'multipart/form-data; boundary=x' },
    { 'content-encoding': 'gzip' },
    { 'content-encoding': 'br' },
    { 'content-encoding': 'deflate' },
    { 'content-encoding': 'zstd' },
    { 'content-encoding': 'gzip, gzip' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { accept: 'image/png' },
    { range: 'bytes=0-1,5-' },
    { 'if-match': '"x"' },
    { 'x-http-method-override': 'DELETE' },
    { 'x-forwarded-for': '1.2.3.4' },
    { cookie: 'verdict_session=x; verdict_person=%' },
    { traceparent: '00-zz-zz-00' },
    { expect: '100-continue' },
  ),
  hostileText.map((text) => ({ 'if-match': headerValue(text) })),
  hostileText.map((text) => ({ cookie: headerValue(`verdict_session=${text}`) })),
);

/** What may stand in a header: one line of Latin-1. */
function headerValue(text: string): string {
  return text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?').slice(0, 9000);
}

function requestsTo(route: {
  method: string;
  path: string;
  operation: Operation;
  resolve: (ref: string) => JsonSchema;
}): fc.Arbitrary<WrittenRequest> {
  const { operation, resolve } = route;
  const json = operation.requestBody?.content['application/json']?.schema;
  const named = operation.parameters?.filter((one) => one.in === 'query').map(({ name }) => name) ?? [];
  const fitting = fittingParameters(operation, resolve);
  const hostile = fc.tuple(
    fc.dictionary(fc.constantFrom(...names(route.path), 'none'), pathSegment),
    fc.array(
      fc.tuple(fc.oneof(fc.constantFrom(...named, 'limit', 'next', '__proto__'), hostileText), hostileText),
      { maxLength: 4 },
    ),
  );
  return fc
    .tuple(fitting, fc.boolean(), hostile, body(json, resolve), fc.constantFrom(0, 0, 0, 0, 0, 0, 1))
    .map(([fit, isHostile, [segments, query], { bytes, headers }, other]) => ({
      kind: 'written' as const,
      method: other === 1 ? 'PATCH' : route.method.toUpperCase(),
      path: isHostile
        ? pathOf(route.path, { ...fit.path, ...segments }, query)
        : pathOf(route.path, fit.path, fit.query),
      headers,
      body: bytes,
    }));
}

function names(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
}

const pathSegment = fc.oneof(
  hostileText.map((text) => encodeURIComponent(text.toWellFormed())),
  fc.constantFrom(
    '%',
    '%zz',
    '%00',
    '%ff',
    '%2e%2e%2fetc',
    '..',
    '.',
    '%c0%ae',
    ';a=b',
    'a%0d%0aX-Injected:1',
    '%25'.repeat(500),
  ),
);

function fittingParameters(operation: Operation, resolve: (ref: string) => JsonSchema) {
  const of = (where: string) =>
    fc.record(
      Object.fromEntries(
        (operation.parameters ?? [])
          .filter((one) => one.in === where)
          .map(({ name, schema }) => [
            name,
            fittingValue(schema, resolve).map((value) => encodeURIComponent(String(value).toWellFormed())),
          ]),
      ),
    );
  const query = of('query').map((values) => Object.entries(values).slice(0, 5));
  return fc.record({ path: of('path'), query });
}

function pathOf(
  template: string,
  segments: Readonly<Record<string, string>>,
  query: readonly (readonly [string, string])[],
): string {
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => segments[name] || 'x');
  const words = query.map(
    ([name, value]) =>
      `${encodeURIComponent(name.toWellFormed())}=${value.includes('%') ? value.replace(/[^\x21-\x7e]/g, '?') : encodeURIComponent(value.toWellFormed())}`,
  );
  return words.length === 0 ? path : `${path}?${words.join('&')}`.slice(0, 14_000);
}

const sameHeaders = { 'content-type': 'application/json' };

function body(
  schema: JsonSchema | undefined,
  resolve: (ref: string) => JsonSchema,
): fc.Arbitrary<{ bytes: Uint8Array | null; headers: Record<string, string> }> {
  if (schema === undefined) return fc.constant({ bytes: null, headers: {} });
  const fit = fittingValue(schema, resolve);
  const bytes = fc
    .oneof({ weight: 1, arbitrary: fit }, { weight: 4, arbitrary: fit.chain(spoiled) })
    .map((value) => Buffer.from(writeJson(value)));
  return fc
    .tuple(bytes, fc.constantFrom('', '', '', '', '', '', 'gzip', 'cut', 'bomb'))
    .map(([plain, how]) => {
      if (how === '') return { bytes: plain, headers: sameHeaders };
      const packed = how === 'bomb' ? bomb : gzipSync(plain);
      const headers = { ...sameHeaders, 'content-encoding': 'gzip' };
      return { bytes: how === 'cut' ? packed.subarray(0, packed.length >> 1) : packed, headers };
    });
}

/** A hundred kilobytes that become a hundred megabytes. */
const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024, 0x20));
