import { execFileSync } from 'node:child_process';

/** Beside the clients: database, hubs, logs, the process itself. */
const others = 100;

/** Files and connections that a process that we start may have open; null = this system does not say. */
export function openFilesLimit(): number | null {
  try {
    const text = execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8', timeout: 10_000 }).trim();
    return text === 'unlimited' ? Number.POSITIVE_INFINITY : Number(text);
  } catch {
    // No such shell: the system will say so itself when it is too much.
    return null;
  }
}

/** @throws Error with one sentence when a process could not hold its part of the connections. */
export function assertDescriptors(
  need: { clients: number; gateways: number; processes: number },
  limit: number | null,
): void {
  if (limit === null) return;
  const most = Math.ceil(need.clients / Math.min(need.gateways, need.processes)) + others;
  if (most > limit)
    throw new Error(
      `${need.clients} clients need ${most} open files in one process, and it may have ${limit}: raise the limit (ulimit -n ${most}), or spread them (--gateways, --processes).`,
    );
}
