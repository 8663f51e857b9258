import type { Combination, DoorRules } from '@verdict/contracts';
import { type Labels, labelName, type SampleKind } from '../sample.ts';
import { fitSeriesKey, fitSignalName } from './fit-name.ts';
import { type CompiledTemplate, labelTemplate } from './label-template.ts';
import { namePattern } from './name-pattern.ts';

/** Where a sample goes. */
export interface SampleName {
  readonly series: string;
  readonly signal: string;
  readonly isCounter: boolean;
  readonly combine: Combination;
}

/** What the rules say of the samples of a source. */
export type Naming = SampleName | 'ignored' | 'dropped' | 'unmatched';

interface CompiledRule {
  isFor(metric: string, labels: Labels): boolean;
  /** null = what is chosen is dropped. */
  readonly place: { readonly series: CompiledTemplate; readonly signal: CompiledTemplate } | null;
}

/** Makes the function that names samples by the rules. */
export function nameSamples(rules: DoorRules): (labels: Labels, kind: SampleKind) => Naming {
  const isIgnored = namePattern(rules.ignore);
  const isCounterName = namePattern(rules.counters.names);
  const compiled = rules.rules.map(compileRule);
  return (labels, kind) => {
    const metric = labels.get('__name__') ?? '';
    if (isIgnored(metric)) return 'ignored';
    for (const { isFor, place } of compiled) {
      if (!isFor(metric, labels)) continue;
      if (place === null) return 'dropped';
      const series = fitSeriesKey(place.series.fill(labels) ?? '');
      const signal = fitSignalName(signalText(place.signal, labels) ?? '');
      if (series === null || signal === null || signal === '__proto__') continue;
      const isCounter = kind === null ? isCounterName(metric) : kind !== 'gauge';
      return { series, signal, isCounter, combine: rules.combine[isCounter ? 'counters' : 'gauges'] };
    }
    return 'unmatched';
  };
}

function compileRule(rule: DoorRules['rules'][number]): CompiledRule {
  const isMetric = rule.metrics === undefined ? () => true : namePattern(rule.metrics);
  const matches = Object.entries(rule.match ?? {}).map(([label, pattern]) => ({
    label: labelName(label),
    fits: namePattern([pattern]),
  }));
  return {
    isFor: (metric, labels) =>
      isMetric(metric) &&
      matches.every(({ label, fits }) => labels.has(label) && fits(labels.get(label) ?? '')),
    place:
      rule.series === undefined
        ? null
        : { series: labelTemplate(rule.series), signal: labelTemplate(rule.signal) },
  };
}

/** The quantiles of a summary are different things, so each is a signal: `rpc_seconds.q0.99`. */
function signalText(template: CompiledTemplate, labels: Labels): string | null {
  const text = template.fill(labels);
  const quantile = labels.get('quantile');
  return text === null || quantile === undefined || template.names('quantile')
    ? text
    : `${text}.q${quantile}`;
}
