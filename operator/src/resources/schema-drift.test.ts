import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnomalyModelSpec, DetectorPoolSpec } from '@verdict/contracts';
import { z } from 'zod';
import { AnomalyModelStatus } from './anomaly-model-status.ts';
import { DetectorPoolStatus } from './detector-pool-status.ts';
import { crds, type SchemaNode, schemaNodes, schemaOf } from './manifest-files.fixture.ts';

const pairs = [
  ['AnomalyModel', 'spec', AnomalyModelSpec],
  ['AnomalyModel', 'status', AnomalyModelStatus],
  ['DetectorPool', 'spec', DetectorPoolSpec],
  ['DetectorPool', 'status', DetectorPoolStatus],
] as const;

for (const [kind, part, schema] of pairs)
  test(`${kind}.${part} means the same in the CRD and in TypeScript, field by field`, () => {
    const ours = z.toJSONSchema(schema, { io: 'input', target: 'openapi-3.0' }) as SchemaNode;
    const theirs = schemaOf(crds()[kind]).properties?.[part];
    assert.ok(theirs);
    assert.deepEqual(meaning(theirs), meaning(ours));
  });

for (const [kind, crd] of Object.entries(crds())) {
  const nodes = [...schemaNodes(schemaOf(crd))];

  test(`every field of ${kind} is described`, () => {
    const silent = nodes.filter(([at, node]) => at !== '.metadata' && !node.description?.endsWith('.'));
    assert.deepEqual(
      silent.map(([at]) => at),
      [],
    );
  });

  test(`every text, list and map of ${kind} has an end`, () => {
    const endless = nodes.filter(([at, node]) => {
      if (/^\.(apiVersion|kind|metadata)/.test(at) || node.enum || node.format === 'date-time') return false;
      if (node.type === 'string' || node['x-kubernetes-int-or-string']) return node.maxLength === undefined;
      if (node.type === 'array') return node.maxItems === undefined;
      return node.additionalProperties !== undefined && node.maxProperties === undefined;
    });
    assert.deepEqual(
      endless.map(([at]) => at),
      [],
    );
  });

  test(`every number in the spec of ${kind} has bounds`, () => {
    const open = nodes.filter(
      ([at, { type, minimum, maximum }]) =>
        at.startsWith('.spec') &&
        (type === 'integer' || type === 'number') &&
        (minimum === undefined || maximum === undefined),
    );
    assert.deepEqual(
      open.map(([at]) => at),
      [],
    );
  });
}

/** What JavaScript's integers end with: not said in a CRD. */
const integersEnd = Number.MAX_SAFE_INTEGER;
const compared = ['minimum', 'exclusiveMinimum', 'maximum', 'exclusiveMaximum', 'minLength', 'maxLength'];
const listed = ['minItems', 'maxItems', 'default'];

/** A schema reduced to what it accepts and fills in, so that two can be compared. */
function meaning(node: SchemaNode): unknown {
  if (node['x-kubernetes-int-or-string']) return quantity(node);
  const [first, second] = node.anyOf ?? [];
  if (first && second) {
    if (second.type === 'array') return eachOrList(node, second);
    const [number, text] = first.type === 'integer' ? [first, second] : [second, first];
    return quantity({ ...text, ...number });
  }
  const kept: Record<string, unknown> = { type: node.type };
  for (const name of [...compared, ...listed]) if (node[name] !== undefined) kept[name] = node[name];
  if (kept.maximum === integersEnd) delete kept.maximum;
  if (node.pattern !== undefined && node.format !== 'date-time') kept.pattern = plain(node.pattern);
  if (node.enum !== undefined) kept.enum = [...(node.enum as unknown[])].sort();
  if (node.format === 'date-time') kept.format = 'date-time';
  if (node.required !== undefined) kept.required = [...(node.required as string[])].sort();
  if (node.items) kept.items = meaning(node.items);
  if (node.properties)
    kept.properties = Object.fromEntries(
      Object.entries(node.properties)
        .map(([name, child]) => [name, meaning(child)] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  if (typeof node.additionalProperties === 'object') kept.of = meaning(node.additionalProperties);
  return kept;
}

/** Kubernetes knows one type per field: `each` is written `[each]` there, which TypeScript takes too. */
function eachOrList(node: SchemaNode, list: SchemaNode): unknown {
  const standsFor = node.default === 'each' ? ['each'] : node.default;
  return meaning({ ...list, default: standsFor });
}

function quantity({ minimum, maximum, maxLength, pattern }: SchemaNode): unknown {
  return { type: 'integer or string', minimum, maximum, maxLength, pattern: plain(pattern) };
}

/** Expressions of JavaScript escape slashes; those of Go need not. */
function plain(pattern: unknown): string {
  return String(pattern).replaceAll('\\/', '/');
}
