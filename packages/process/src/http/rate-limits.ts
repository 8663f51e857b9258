import type { Caller } from './caller.ts';
import type { Route } from './route.ts';

/** How many requests are let in. Both throw a 429 `HttpProblem` with Retry-After when there are too many. */
export interface RateLimits {
  /** Counts a request before anything is known of who sends it; null = of no route, such as a page. */
  countAddress(address: string, route: Route | null): Promise<void>;
  /** Counts a request of somebody whose token is good. */
  countCaller(caller: Caller, route: Route): Promise<void>;
}
