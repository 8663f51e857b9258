import fc from 'fast-check';
import { hostileText } from './hostile-text.ts';

/** A piece of JSON text, as it is. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const numbers = [
  '0',
  '-0',
  '1e308',
  '1e309',
  '-1e999',
  '1e-400',
  '9007199254740993',
  '123456789012345678901234567890',
  '0.1e1',
  '3.4028236e38',
  '1.5',
  '-1',
  '2147483648',
  '253402300800000',
  '8640000000000001',
];
/** Things that are no JSON. */
const broken = [
  'NaN',
  '01',
  '+1',
  "'a'",
  'undefined',
  '{a:1}',
  '[1,]',
  '"\t"',
  '"\\x00"',
  '{"a":1,}',
  '/**/1',
  '\ufeff1',
  '1 2',
  '"',
];

const nested = fc
  .tuple(fc.constantFrom('[', '{"a":', '[{"__proto__":'), fc.constantFrom(5, 31, 33, 500, 8000))
  .map(([open, depth]) => {
    const close = [...open].reverse().map((one) => (one === '[' ? ']' : one === '{' ? '}' : ''));
    return `${open.repeat(depth)}1${close.join('').repeat(depth)}`;
  });

const twice = fc
  .tuple(
    fc.constantFrom('a', 'series', 'username', '__proto__', 'readings'),
    fc.constantFrom('1', '"x"', '[]'),
  )
  .map(([key, value]) => `{"${key}":${value},"${key}":null}`);

const proto = fc.constantFrom(
  '{"__proto__":{"admin":true}}',
  '{"constructor":{"prototype":{"admin":true}}}',
  '{"\\u005f_proto__":1}',
  '{"toString":1,"valueOf":2,"hasOwnProperty":3,"length":-1}',
);

/** One hostile value, as JSON text (which may be none). */
export const hostileJson: fc.Arbitrary<JsonText> = fc
  .oneof(
    { weight: 4, arbitrary: hostileText.map((text) => JSON.stringify(text)) },
    { weight: 3, arbitrary: fc.constantFrom(...numbers) },
    { weight: 2, arbitrary: fc.constantFrom('null', 'true', 'false', '[]', '{}', '[[]]', '""', '[null]') },
    { weight: 1, arbitrary: fc.constantFrom(...broken) },
    { weight: 1, arbitrary: fc.constantFrom('"\\u0000"', '"\\ud800"', '"\\udc00\\ud800"') },
    { weight: 1, arbitrary: nested },
    { weight: 1, arbitrary: twice },
    { weight: 1, arbitrary: proto },
    { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) },
    { weight: 1, arbitrary: fc.constantFrom(20_000, 70_000).map((size) => `[${'0,'.repeat(size)}0]`) },
  )
  .map((text) => new JsonText(text));

/** Writes a value that has pieces of JSON text in it. */
export function writeJson(value: unknown): string {
  if (value instanceof JsonText) return value.text;
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}:${writeJson(item)}`)
    .join(',')}}`;
}
