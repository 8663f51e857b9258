import { z } from 'zod';

/** What a group of clients is told to do. */
export const Work = z.discriminatedUnion('type', [
  /** Connect clients, to each of the gateways by turns; the first `stalled` of them take no bytes from then on. */
  z.object({
    type: z.literal('connect'),
    urls: z.array(z.string()).min(1),
    token: z.string(),
    clients: z.int().positive(),
    stalled: z.int().nonnegative(),
  }),
  /** Say what was heard since the last time. */
  z.object({ type: z.literal('collect') }),
]);
export type Work = z.infer<typeof Work>;

/** What it answers. */
export type WorkResult =
  | { readonly type: 'connected'; readonly clients: number }
  | {
      readonly type: 'heard';
      /** Anomaly id → when each client heard of it, ms of the machine's monotonic clock. */
      readonly atMs: Readonly<Record<string, readonly number[]>>;
      /** Connections that ended meanwhile. */
      readonly ended: number;
      /** Clients that read and are connected. */
      readonly connected: number;
    }
  | { readonly type: 'failed'; readonly reason: string };

/** Milliseconds of the machine's monotonic clock: the same in every process of the machine. */
export function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
