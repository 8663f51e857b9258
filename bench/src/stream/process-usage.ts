import { readdirSync, readFileSync } from 'node:fs';

/** What a process (and those that it has started) has used. */
export interface Usage {
  /** CPU time of all its threads so far, ms; NaN where the system does not tell. */
  readonly cpuMs: number;
  /** Resident memory now, bytes; NaN where the system does not tell. */
  readonly residentBytes: number;
}

/** Ticks of CPU time per second and bytes of a page, as Linux has them everywhere but on exotic machines. */
const ticksPerSecond = 100;
const pageBytes = 4096;

interface Stat {
  readonly parent: number;
  readonly ticks: number;
  readonly pages: number;
}

/** Reads proc(5). PostgreSQL works with a process per connection: with `children` they count too, ended ones included. */
export function usageOf(pid: number, children = false): Usage {
  const own = statOf(pid);
  if (own === null) return { cpuMs: Number.NaN, residentBytes: Number.NaN };
  let { ticks, pages } = own;
  if (children)
    for (const name of readdirSync('/proc')) {
      const other = /^\d+$/.test(name) ? statOf(Number(name)) : null;
      if (other?.parent !== pid) continue;
      ticks += other.ticks;
      pages += other.pages;
    }
  return { cpuMs: (1000 * ticks) / ticksPerSecond, residentBytes: pages * pageBytes };
}

function statOf(pid: number): Stat | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    // It has just ended, or this system has no such files: there is nothing to count.
    return null;
  }
  // The name in brackets may hold anything; the fields behind it are numbered from the third on.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3] ?? Number.NaN);
  return { parent: field(4), ticks: field(14) + field(15) + field(16) + field(17), pages: field(24) };
}
