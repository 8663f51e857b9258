import { z } from 'zod';

/** Pattern of metric names or label values: literal characters and `*` for any number of characters. */
export const NamePattern = z.string().min(1).max(200).meta({ example: 'http_*_total' });

/** Name of a label. Names that come with dots (`k8s.namespace.name`) are known with `_` instead of each dot. */
export const LabelName = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[A-Za-z_][A-Za-z0-9_.]*$/, 'a label name: letters, digits, "_" and "."');

const placeholder = /\{([^{}]*)\}/g;
const choice = /^[A-Za-z_][A-Za-z0-9_.]*(:workload)?$/;

/**
 * Text with placeholders: `{namespace}/{workload|pod:workload}`. A placeholder is filled with the first of its labels
 * that a sample has; `:workload` takes what Kubernetes appended off a pod's name. `__name__` is the metric.
 */
export const LabelTemplate = z
  .string()
  .min(1)
  .max(500)
  .refine((text) => !/[{}]/.test(text.replace(placeholder, '')), 'each "{" needs its "}"')
  .refine(
    (text) => [...text.matchAll(placeholder)].every(([, inner]) => inner?.split('|').every(isChoice)),
    'a placeholder names labels, such as {namespace}, {workload|job} or {pod:workload}',
  )
  .refine((text) => /\{/.test(text), 'at least one placeholder, such as {namespace}')
  .meta({ example: '{namespace}/{workload|pod:workload|job}' });

function isChoice(name: string): boolean {
  return choice.test(name);
}

/** What stands between placeholders must be fit for a key or a name; what fills them is made fit. */
function fitFor(literal: RegExp): (text: string) => boolean {
  return (text) => literal.test(text.replace(placeholder, ''));
}

/** One rule: which samples it is for (all that is said must hold), and where they go. */
export const DoorRule = z
  .strictObject({
    /** Label → pattern of its value; the sample must have each of these labels. */
    match: z.record(LabelName, NamePattern).optional(),
    /** Patterns of metric names, of which one must fit. */
    metrics: z.array(NamePattern).min(1).max(200).optional(),
    /**
     * Key of the series. Samples with the same key and time in one request are one reading. A sample of which every
     * label of a placeholder is missing goes on to the next rule.
     */
    series: LabelTemplate.refine(
      fitFor(/^[A-Za-z0-9._:/-]*$/),
      'letters, digits, ". _ : - /" between placeholders',
    ).optional(),
    /** Name of the signal. */
    signal: LabelTemplate.refine(
      fitFor(/^[A-Za-z0-9._:-]*$/),
      'letters, digits, ". _ : -" between placeholders',
    ).default('{__name__}'),
    /** These samples are left out, and counted. */
    drop: z.literal(true).optional(),
  })
  .refine(({ series, drop }) => (series === undefined) !== (drop === undefined), {
    path: ['series'],
    message: 'either the key of the series, or "drop": true',
  });
export type DoorRule = z.output<typeof DoorRule>;

/** How several values of one signal at one time become one. */
export const Combination = z.enum(['sum', 'mean', 'max', 'min']);
export type Combination = z.output<typeof Combination>;

/**
 * Where a workload's name may stand, most certain first: labels of Kubernetes and its exporters, attributes of
 * OpenTelemetry, then what is left of a pod's name, then Prometheus' own.
 */
const workload = [
  'workload',
  'k8s_deployment_name',
  'k8s_statefulset_name',
  'k8s_daemonset_name',
  'k8s_cronjob_name',
  'deployment',
  'statefulset',
  'daemonset',
  'cronjob',
  'service_name',
  'pod:workload',
  'k8s_pod_name:workload',
  'service',
  'job',
].join('|');

/** The rules that hold where nothing else is said: namespace/workload, so that replicas share a series and its model. */
export const defaultDoorRules: DoorRule[] = [
  {
    series: `{namespace|k8s_namespace_name|service_namespace}/{${workload}}`,
    signal: '{__name__}',
  },
  // A service of OpenTelemetry outside of Kubernetes; its instance ids are new at every start.
  { series: '{service_name}', signal: '{__name__}' },
  // Targets of Prometheus that no namespace holds, such as hosts: each by itself.
  { series: '{job}/{instance}', signal: '{__name__}' },
  { series: '{job|host_name|instance}', signal: '{__name__}' },
];

/** How samples of Prometheus and OpenTelemetry become readings (the file behind `VERDICT_DOOR_RULES_FILE`). */
export const DoorRules = z.strictObject({
  /** Tried in order; the first that is for a sample decides. */
  rules: z.array(DoorRule).min(1).max(100).default(defaultDoorRules),
  /** Metrics that are left out before any rule, and counted. */
  ignore: z.array(NamePattern).max(200).default(['*_bucket', '*_created', 'scrape_*']),
  counters: z
    .strictObject({
      /** A counter becomes its increase per second (`rate`), its increase (`step`), or is taken as it is (`raw`). */
      as: z.enum(['rate', 'step', 'raw']).default('rate'),
      /** What is a counter where the sender does not say so. */
      names: z.array(NamePattern).max(200).default(['*_total', '*_count', '*_sum']),
      /** After a pause of more seconds than this a counter begins anew. */
      gapSeconds: z.int().min(1).max(86_400).default(900),
      /** Counters remembered at once; beyond it the one that was seen least recently begins anew. */
      remembered: z.int().min(1000).max(10_000_000).default(200_000),
    })
    .prefault({}),
  /** How values of one signal that meet in one reading (other labels, replicas at the same time) become one. */
  combine: z
    .strictObject({ counters: Combination.default('sum'), gauges: Combination.default('mean') })
    .prefault({}),
});
export type DoorRules = z.output<typeof DoorRules>;
