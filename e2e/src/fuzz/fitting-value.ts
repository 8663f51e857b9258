import fc from 'fast-check';

/** A JSON schema, as far as OpenAPI documents use it here. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
}

const deepest = 8;
/** What is taken for a text where a pattern is wanted: most of ours are names. */
const names = ['shop', 'shop/cart', 'default', 'cpu', 'latency_p99', '0123456789abcdef01234567'];
const longest = 40;

/** Values that roughly fit a schema: enough to come past the first check and meet the second. */
export function fittingValue(
  schema: JsonSchema,
  resolve: (ref: string) => JsonSchema,
  depth = 0,
): fc.Arbitrary<unknown> {
  const inner = (one: JsonSchema) => fittingValue(one, resolve, depth + 1);
  if (depth > deepest) return fc.constant(null);
  if (schema.$ref !== undefined) return inner(resolve(schema.$ref));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined && schema.enum.length > 0) return fc.constantFrom(...schema.enum);
  const either = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (either !== undefined && either.length > 0) return fc.oneof(...either.map(inner));
  switch (typeof schema.type === 'string' ? schema.type : schema.type?.[0]) {
    case 'object':
      return object(schema, inner);
    case 'array':
      return fc.array(inner(schema.items ?? {}), {
        minLength: Math.min(schema.minItems ?? 0, 3),
        maxLength: 3,
      });
    case 'integer':
      return fc.integer({
        min: floor(schema.minimum, 0),
        max: Math.max(floor(schema.minimum, 0), floor(schema.maximum, 100)),
      });
    case 'number':
      return fc.double({ min: schema.minimum ?? -1e6, max: schema.maximum ?? 1e6, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return text(schema);
  }
}

function floor(bound: number | undefined, otherwise: number): number {
  return Math.max(-1e9, Math.min(1e9, Math.ceil(bound ?? otherwise)));
}

function object(
  schema: JsonSchema,
  inner: (one: JsonSchema) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  const properties = Object.entries(schema.properties ?? {});
  const more = schema.additionalProperties;
  if (properties.length === 0 && typeof more === 'object')
    return fc.dictionary(fc.constantFrom(...names), inner(more), { maxKeys: 3 });
  const required = new Set(schema.required ?? []);
  return fc.record(Object.fromEntries(properties.map(([name, one]) => [name, inner(one)])), {
    requiredKeys: [...required].filter((name) => Object.hasOwn(schema.properties ?? {}, name)),
  });
}

function text(schema: JsonSchema): fc.Arbitrary<string> {
  if (schema.format === 'date-time')
    return fc
      .date({ min: new Date(Date.now() - 86_400_000), max: new Date(), noInvalidDate: true })
      .map((date) => date.toISOString());
  if (schema.format === 'uri') return fc.constantFrom('https://hooks.invalid/x', 'http://127.0.0.1:9/');
  if (schema.format === 'uuid') return fc.uuid();
  const least = Math.min(schema.minLength ?? 0, longest);
  return fc.oneof(
    fc.constantFrom(...names),
    fc.string({
      minLength: least,
      maxLength: Math.max(least, Math.min(schema.maxLength ?? longest, longest)),
    }),
  );
}
