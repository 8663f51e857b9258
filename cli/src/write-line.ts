import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Writes a line and waits where the reader is slower. */
export async function writeLine(stream: Writable, text: string): Promise<void> {
  if (!stream.write(`${text}\n`)) await once(stream, 'drain');
}
