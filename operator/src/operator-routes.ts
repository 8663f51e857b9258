import { defineRoute, type Route } from '@verdict/process';
import { z } from 'zod';

/** `GET /debug/state`: what the operator is at, for people who look because something is wrong. */
export function operatorRoutes(state: () => Record<string, unknown>): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/debug/state',
      summary: 'Who leads, what is in line and being worked on, how far caches are',
      roles: 'public',
      response: z.record(z.string(), z.unknown()),
      handler: async () => state(),
    }),
  ];
}
