import { z } from 'zod';

/**
 * Pattern of series keys: literal segments, `*` for exactly one segment (or part of one), `**` for any number
 * of segments at the end. `**` alone matches every key.
 */
export const SeriesPattern = z
  .string()
  .min(1)
  .max(200)
  .regex(
    /^(\*\*|[A-Za-z0-9._:*-]+(\/[A-Za-z0-9._:*-]+)*(\/\*\*)?)$/,
    'segments with "*" inside a segment, "**" only as the last segment',
  )
  .refine((pattern) => !pattern.replace(/(^|\/)\*\*$/, '').includes('**'), '"**" only as the last segment')
  .meta({ description: 'Pattern of series keys; * within a segment, ** at the end', example: 'shop/**' });

/** What a model wants to be chosen by: its name and patterns. */
export interface PatternOwner {
  readonly name: string;
  readonly series: readonly string[];
}

interface CompiledPattern {
  readonly regex: RegExp;
  /** Literal characters, then fewer wildcards: the more, the more specific. */
  readonly specificity: number;
}

function compile(pattern: string): CompiledPattern {
  const body = pattern
    .replace(/[.\\+?^${}()|[\]]/g, '\\$&')
    .replace(/\/\*\*$/, '(/.+)?')
    .replace(/^\*\*$/, '.*')
    .replace(/(?<!\.)\*/g, '[^/]*');
  const literals = pattern.replaceAll('*', '').length;
  return { regex: new RegExp(`^${body}$`), specificity: literals * 10 + (pattern.includes('*') ? 0 : 5) };
}

/** So few rules are asked sooner than a memory of very many series. */
const fewRules = 8;

/**
 * Makes the function that says which model a series belongs to: the most specific matching pattern wins
 * (most literal characters, an exact key before a pattern, ties by model name). Returns null where no model
 * wants the series. Answers that take long are remembered for at most `memorySize` keys.
 */
export function seriesAssigner(
  models: readonly PatternOwner[],
  memorySize = 1_000_000,
): (series: string) => string | null {
  const rules = models
    .flatMap((model) => model.series.map((pattern) => ({ model: model.name, ...compile(pattern) })))
    .sort((a, b) => b.specificity - a.specificity || (a.model < b.model ? -1 : a.model > b.model ? 1 : 0));
  const modelOf = (series: string): string | null => {
    for (const { regex, model } of rules) if (regex.test(series)) return model;
    return null;
  };
  return rules.length <= fewRules ? modelOf : remembered(modelOf, memorySize);
}

function remembered(
  modelOf: (series: string) => string | null,
  memorySize: number,
): (series: string) => string | null {
  const memory = new Map<string, string | null>();
  return (series) => {
    const known = memory.get(series);
    if (known !== undefined) return known;
    const model = modelOf(series);
    if (memory.size >= memorySize) memory.clear();
    memory.set(series, model);
    return model;
  };
}
