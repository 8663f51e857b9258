import assert from 'node:assert/strict';
import { expressionNames } from './expression-names.ts';
import { knownNames } from './known-names.ts';

/** Fails unless every expression names metrics, and only metrics and labels that processes have. `at` says where it stands. */
export function assertKnown(expressions: readonly { readonly at: string; readonly expr: string }[]): void {
  const known = knownNames();
  for (const { at, expr } of expressions) {
    const { metrics, labels } = expressionNames(expr);
    assert.ok(metrics.size > 0, at);
    for (const metric of metrics) assert.ok(known.has(metric), `${at}: nobody tells ${metric}`);
    for (const label of labels) {
      const found = [...metrics].some((metric) => known.get(metric)?.has(label) === true);
      assert.ok(found, `${at}: none of its metrics has the label ${label}`);
    }
  }
}
