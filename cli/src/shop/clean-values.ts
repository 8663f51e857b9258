import { gaussianAt, smoothGaussianAt } from './hash-random.ts';
import { serviceLoad } from './service-load.ts';
import { type ServiceProfile, type ShopSignal, shopSignals } from './service-profile.ts';

/** Values of one reading, one per signal. */
export type ShopValues = Record<ShopSignal, number>;

/** The length of things in the shop. */
export interface ShopPace {
  /** Milliseconds between two steps. */
  intervalMs: number;
  /** Milliseconds of one of the shop's days; a week is seven. */
  dayMs: number;
}

/** One service of one shop. */
export interface Service {
  seed: number;
  index: number;
  profile: ServiceProfile;
  pace: ShopPace;
}

/** Noise never exceeds this many sigmas, so that a normal reading can be told from an injected one. */
export const noiseLimitSigmas = 3.5;

/** Steps over which the slow part of the noise stays alike. */
const slowSteps = 25;

/** Days since 1970 on the shop's own calendar, with the part of the day. */
export function shopDay(pace: ShopPace, step: number): number {
  return (step * pace.intervalMs) / pace.dayMs;
}

/** What a service would report at a step if nothing were wrong: load, and noise that its signals partly share. */
export function cleanValues(service: Service, step: number): ShopValues {
  const { seed, index, profile, pace } = service;
  const load = serviceLoad(profile, shopDay(pace, step));
  const common = noise(seed, index, 0, step);
  const values: ShopValues = { requests: 0, latency_p99: 0, errors: 0, cpu: 0 };
  shopSignals.forEach((signal, position) => {
    const { base, slope, sigma, coupling } = profile.signals[signal];
    const own = noise(seed, index, position + 1, step);
    const sigmas = coupling * common + Math.sqrt(1 - coupling ** 2) * own;
    values[signal] =
      base + slope * load + sigma * Math.max(-noiseLimitSigmas, Math.min(noiseLimitSigmas, sigmas));
  });
  return values;
}

/** Unit variance: four fifths of it fresh at every step, the rest wandering. */
function noise(seed: number, index: number, channel: number, step: number): number {
  const fresh = gaussianAt(seed, index, channel, step);
  const slow = smoothGaussianAt(slowSteps, step, seed, index, 50 + channel);
  return Math.sqrt(0.8) * fresh + Math.sqrt(0.2) * slow;
}
