import { parseArgs } from 'node:util';

export const help = `npm run bench:live -- [options]
Connects clients to the live hub of real gateways on 127.0.0.1 and takes the time from the commit of an anomaly, and
from the acknowledgement of its announcement, to the event at every client. Progress goes to stderr, the table to stdout.

  --clients N     connections, all socket.io clients by WebSocket (5000)
  --gateways N    gateways that they are spread over (1)
  --processes N   processes that the clients live in (2)
  --seconds N     anomalies come for so long (20)
  --every-ms N    one anomaly each so many milliseconds (500)
  --burst N       anomalies that are announced at once afterwards (50)
  --stalled N     clients, beside the others, that never read (0)
  --profile DIR   write a CPU profile of every process there
  --json FILE     write all figures there as well
`;

export interface LiveOptions {
  readonly clients: number;
  readonly gateways: number;
  readonly processes: number;
  readonly seconds: number;
  readonly everyMs: number;
  readonly burst: number;
  readonly stalled: number;
  readonly profile: string | null;
  readonly json: string | null;
}

/** Reads the command line; null = help is wanted. @throws Error with one sentence for a call that cannot work */
export function readOptions(args: readonly string[]): LiveOptions | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      clients: { type: 'string', default: '5000' },
      gateways: { type: 'string', default: '1' },
      processes: { type: 'string', default: '2' },
      seconds: { type: 'string', default: '20' },
      'every-ms': { type: 'string', default: '500' },
      burst: { type: 'string', default: '50' },
      stalled: { type: 'string', default: '0' },
      profile: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return null;
  return {
    clients: whole('--clients', values.clients, 1, 100_000),
    gateways: whole('--gateways', values.gateways, 1, 16),
    processes: whole('--processes', values.processes, 1, 64),
    seconds: whole('--seconds', values.seconds, 1, 3600),
    everyMs: whole('--every-ms', values['every-ms'], 1, 60_000),
    burst: whole('--burst', values.burst, 1, 1000),
    stalled: whole('--stalled', values.stalled, 0, 10_000),
    profile: values.profile ?? null,
    json: values.json ?? null,
  };
}

function whole(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least || value > most)
    throw new Error(`${option} is a whole number from ${least} to ${most}, not "${text}".`);
  return value;
}
