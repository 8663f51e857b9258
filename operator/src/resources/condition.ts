import { z } from 'zod';
import { count, discreet, Time } from './status-fields.ts';

const mostMessage = 32_768;

/** `metav1.Condition`, exactly. */
export const Condition = z.strictObject({
  type: z
    .string()
    .max(316)
    .regex(
      /^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$/,
    ),
  status: z.enum(['True', 'False', 'Unknown']),
  observedGeneration: count.optional(),
  /** When `status` changed last. */
  lastTransitionTime: Time,
  /** In CamelCase, for programs. */
  reason: z
    .string()
    .min(1)
    .max(1024)
    .regex(/^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$/),
  message: z.string().max(mostMessage),
});
export type Condition = z.output<typeof Condition>;
export type ConditionStatus = Condition['status'];

/** What is to be said of one aspect; the rest of the condition follows. */
export interface Finding {
  /** In CamelCase, such as `Ready`. */
  readonly type: string;
  readonly status: ConditionStatus;
  readonly reason: string;
  readonly message: string;
}

/** When and of which generation something was found. */
export interface FoundAt {
  readonly nowMs: number;
  /** `metadata.generation` of the object that was looked at. */
  readonly generation: number | undefined;
}

/**
 * The conditions with this finding in its place. The transition time stays while the status does; what says the same
 * as before is the very list that was given, so that nothing need be written.
 */
export function setCondition(
  conditions: readonly Condition[],
  finding: Finding,
  { nowMs, generation }: FoundAt,
): readonly Condition[] {
  const before = conditions.find(({ type }) => type === finding.type);
  const lastTransitionTime = before?.status === finding.status ? before.lastTransitionTime : atSecond(nowMs);
  const { type, status, reason } = finding;
  const now: Condition = {
    type,
    status,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    lastTransitionTime,
    reason,
    message: discreet(finding.message, mostMessage),
  };
  if (before === undefined) return [...conditions, now];
  if (same(before, now)) return conditions;
  return conditions.map((condition) => (condition === before ? now : condition));
}

/** The conditions with all these findings, each in its place. */
export function setConditions(
  conditions: readonly Condition[],
  findings: readonly Finding[],
  at: FoundAt,
): readonly Condition[] {
  return findings.reduce((all, finding) => setCondition(all, finding, at), conditions);
}

/** The conditions without those of these types: an aspect that no longer applies. */
export function withoutConditions(
  conditions: readonly Condition[],
  types: readonly string[],
): readonly Condition[] {
  const kept = conditions.filter(({ type }) => !types.includes(type));
  return kept.length === conditions.length ? conditions : kept;
}

/** The condition of a type, if there is one. */
export function conditionOf(conditions: readonly Condition[], type: string): Condition | undefined {
  return conditions.find((condition) => condition.type === type);
}

/** Whether a condition of that type is there and true. */
export function isTrue(conditions: readonly Condition[], type: string): boolean {
  return conditionOf(conditions, type)?.status === 'True';
}

/** RFC 3339 in whole seconds, as `metav1.Time` is written: what is read back equals what was sent. */
export function atSecond(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

function same(a: Condition, b: Condition): boolean {
  return (
    a.status === b.status &&
    a.reason === b.reason &&
    a.message === b.message &&
    a.observedGeneration === b.observedGeneration &&
    a.lastTransitionTime === b.lastTransitionTime
  );
}
