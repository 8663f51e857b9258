/** What an expression in PromQL names. */
export interface ExpressionNames {
  readonly metrics: ReadonlySet<string>;
  /** Labels in selectors and groupings. */
  readonly labels: ReadonlySet<string>;
}

const words = new Set([
  'and',
  'or',
  'unless',
  'by',
  'without',
  'on',
  'ignoring',
  'group_left',
  'group_right',
]);
const identifier = /[a-zA-Z_:][a-zA-Z0-9_:]*/g;

/**
 * Metrics and labels of an expression: enough of PromQL for rules and dashboards, whose grammar promtool checks. A name
 * before `(` is a function, what stands in braces or after `by` and its like are labels.
 */
export function expressionNames(expression: string): ExpressionNames {
  const labels = new Set<string>();
  const noStrings = expression.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  const noSelectors = noStrings.replace(/\{([^}]*)\}/g, (_, inside: string) => {
    for (const [, label] of inside.matchAll(/([a-zA-Z_][a-zA-Z0-9_]*)\s*(?:=|!)/g)) labels.add(label ?? '');
    return ' ';
  });
  const noRanges = noSelectors.replace(/\[[^\]]*\]/g, ' ');
  const noGroups = noRanges.replace(
    /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g,
    (_, inside: string) => {
      for (const [label] of inside.matchAll(identifier)) labels.add(label);
      return ' ';
    },
  );
  const metrics = new Set<string>();
  for (const match of noGroups.matchAll(identifier)) {
    const [name] = match;
    const rest = noGroups.slice(match.index + name.length).trimStart();
    const inNumber = /[0-9.]$/.test(noGroups.slice(0, match.index));
    if (!words.has(name) && !rest.startsWith('(') && !inNumber) metrics.add(name);
  }
  return { metrics, labels };
}
