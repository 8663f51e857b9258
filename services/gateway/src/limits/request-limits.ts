import { type Caller, HttpProblem, type RateLimits, type Route } from '@verdict/process';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { addressKey } from './address-key.ts';

/** Requests that one gateway lets in within a minute. */
export interface RequestLimits {
  /** From one address, log-ins and pages included, readings not. */
  readonly perAddress: number;
  /** Of one person or program, readings not included. */
  readonly perCaller: number;
  /** With readings, from one address and of one caller: each may hold thousands. */
  readonly ingest: number;
}

/** Processes of ours ask more often than people, for everybody. */
const serviceFactor = 10;

/**
 * Counts requests per address, per caller, and per caller (or address) and route where the route says how many are
 * enough. Each gateway counts for itself.
 */
export function requestLimits(limits: RequestLimits): RateLimits {
  const perMinute = (points: number) => new RateLimiterMemory({ points, duration: 60 });
  const byAddress = perMinute(limits.perAddress);
  const byCaller = perMinute(limits.perCaller);
  const byService = perMinute(limits.perCaller * serviceFactor);
  const ingest = { byAddress: perMinute(limits.ingest), byCaller: perMinute(limits.ingest) };
  const byRoute = new Map<Route, RateLimiterMemory>();
  const ofRoute = (route: Route, points: number): RateLimiterMemory => {
    const known = byRoute.get(route) ?? perMinute(points);
    byRoute.set(route, known);
    return known;
  };
  return {
    async countAddress(address, route) {
      const key = addressKey(address);
      if (route?.ratePerMinute === 'ingest') {
        await count(ingest.byAddress, key, 'from this address');
        return;
      }
      await count(byAddress, key, 'from this address');
      if (route?.roles === 'public' && route.ratePerMinute !== undefined)
        await count(ofRoute(route, route.ratePerMinute), key, `to ${route.path} from this address`);
    },
    async countCaller(caller, route) {
      if (route.ratePerMinute === 'ingest') {
        await count(ingest.byCaller, caller.name, `of ${caller.name}`);
        return;
      }
      await count(isService(caller) ? byService : byCaller, caller.name, `of ${caller.name}`);
      if (route.ratePerMinute !== undefined)
        await count(ofRoute(route, route.ratePerMinute), caller.name, `to ${route.path} of ${caller.name}`);
    },
  };
}

function isService({ roles }: Caller): boolean {
  return roles.includes('service');
}

async function count(limiter: RateLimiterMemory, key: string, whose: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    throw new HttpProblem(429, {
      detail: `Too many requests ${whose}: ${limiter.points} per minute are taken.`,
      retryAfterSeconds: error.msBeforeNext / 1000,
    });
  }
}
