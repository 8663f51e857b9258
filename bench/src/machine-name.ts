import os from 'node:os';

/** What the processors of this machine are called, for the record of a measurement. */
export function processorName(): string {
  return os.cpus()[0]?.model ?? 'unknown CPU';
}

/** How many processors there are, and what they are called. */
export function machineName(): string {
  return `${os.availableParallelism()} × ${processorName()}`;
}
