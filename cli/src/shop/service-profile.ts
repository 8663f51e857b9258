import { between, logBetween, uniformAt } from './hash-random.ts';

/** Signals of every service, in this order. */
export const shopSignals = ['requests', 'latency_p99', 'errors', 'cpu'] as const;
export type ShopSignal = (typeof shopSignals)[number];

/** How a signal follows the load of its service: `base + slope · load`, and noise of one `sigma`. */
export interface SignalProfile {
  readonly base: number;
  readonly slope: number;
  /** Standard deviation of the noise, in the signal's unit. */
  readonly sigma: number;
  /** Share of the noise that all signals of the service have in common, as a correlation. */
  readonly coupling: number;
}

/** What makes one service different from another. */
export interface ServiceProfile {
  /** How far the load swings over a day, as a share of its mean. */
  readonly swing: number;
  /** How much earlier or later its day is, in days. */
  readonly shift: number;
  readonly signals: Readonly<Record<ShopSignal, SignalProfile>>;
}

/**
 * Draws the profile of the service at `index`. Requests and errors are per second, latency in seconds, cpu in
 * percent. The ranges are chosen so that no noise and no injection can push a signal below zero or cpu above 100.
 */
export function serviceProfile(seed: number, index: number): ServiceProfile {
  const draw = (key: number) => uniformAt(seed, index, 100 + key);
  const requests = logBetween(draw(0), 40, 600);
  const latency = logBetween(draw(1), 0.03, 0.4);
  const errors = logBetween(draw(2), 0.4, 5);
  return {
    swing: between(draw(3), 0.2, 0.3),
    shift: between(draw(4), -0.05, 0.05),
    signals: {
      requests: { base: 0, slope: requests, sigma: 0.04 * requests, coupling: 0.8 },
      latency_p99: { base: 0.7 * latency, slope: 0.3 * latency, sigma: 0.05 * latency, coupling: 0.5 },
      errors: { base: 0.5 * errors, slope: 0.5 * errors, sigma: 0.12 * errors, coupling: 0.4 },
      cpu: { base: between(draw(5), 5, 12), slope: between(draw(6), 20, 35), sigma: 1.2, coupling: 0.8 },
    },
  };
}
