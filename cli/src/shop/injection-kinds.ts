import type { ShopSignal } from './service-profile.ts';

/** What can go wrong in the shop. */
export const injectionKinds = ['spike', 'drop', 'drift', 'flat', 'correlation'] as const;
export type InjectionKind = (typeof injectionKinds)[number];

/** Ranges from which an injection of a kind is drawn. */
export interface InjectionRule {
  /** Steps it lasts, least and most. */
  readonly steps: readonly [number, number];
  /** How far the signals leave their clean values, in sigmas, least and most. Nothing to draw for `flat`. */
  readonly sigmas: readonly [number, number];
  /** Which signals go together; one of these groups is drawn. */
  readonly groups: readonly (readonly ShopSignal[])[];
  /** Part of its magnitude at a position of its course, 0 to 1. */
  readonly shape: (position: number) => number;
}

/**
 * The rules. `correlation` moves one signal against the load but stays within its usual range: only together with
 * the others is it odd. `flat` repeats the last value before it began, so it has no shape of its own.
 */
export const injectionRules: Readonly<Record<InjectionKind, InjectionRule>> = {
  spike: {
    steps: [3, 8],
    sigmas: [12, 22],
    groups: [['latency_p99'], ['errors'], ['latency_p99', 'errors'], ['requests', 'cpu']],
    shape: (position) => 1 - position / 2,
  },
  drop: { steps: [6, 15], sigmas: [7, 11], groups: [['requests'], ['requests', 'cpu']], shape: () => 1 },
  drift: {
    steps: [60, 120],
    sigmas: [8, 14],
    groups: [['latency_p99'], ['errors'], ['cpu']],
    shape: (position) => position,
  },
  flat: {
    steps: [30, 60],
    sigmas: [0, 0],
    groups: [['requests', 'latency_p99', 'errors', 'cpu'], ['cpu'], ['requests']],
    shape: () => 0,
  },
  correlation: {
    steps: [40, 80],
    sigmas: [7, 10],
    groups: [['cpu'], ['latency_p99']],
    shape: (position) => Math.min(1, 6 * position + 0.2, 6 * (1 - position) + 0.2),
  },
};
