import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const mostBytes = 16_384;
const mostLines = 5;
/** pino's level `error`; `fatal` lies above. */
const errorLevel = 50;

/**
 * What a part said last in its log since byte `from`, for people: the messages of its errors if there are any, else
 * of its last lines. Empty when it said nothing or the log is gone.
 */
export function lastWords(logFile: string, from: number): string {
  const lines = endOf(logFile, from).split('\n').filter(Boolean).map(readLine);
  const errors = lines.filter(({ level }) => level >= errorLevel);
  return (errors.length > 0 ? errors : lines)
    .slice(-mostLines)
    .map(({ text }) => text)
    .join('\n');
}

/** A line of pino's without its frame; any other line as it is. */
function readLine(line: string): { level: number; text: string } {
  try {
    const { level, msg, err } = JSON.parse(line);
    if (typeof msg !== 'string') return { level: 0, text: line };
    const why: unknown = err?.message;
    const text = typeof why === 'string' && !msg.includes(why) ? `${msg}: ${why}` : msg;
    return { level: typeof level === 'number' ? level : 0, text };
  } catch {
    return { level: 0, text: line };
  }
}

function endOf(file: string, from: number): string {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    // Somebody tidied the logs up, say: a message without last words is better than none.
    return '';
  }
  try {
    const size = fstatSync(descriptor).size;
    // A log that is shorter than before was begun anew.
    const start = Math.max(from > size ? 0 : from, size - mostBytes);
    const buffer = Buffer.alloc(size - start);
    const read = readSync(descriptor, buffer, 0, buffer.length, start);
    return buffer.toString('utf8', 0, read);
  } finally {
    closeSync(descriptor);
  }
}
