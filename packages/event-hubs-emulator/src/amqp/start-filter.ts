import type { StartPosition } from '../log/start-position.ts';
import { CONDITION, Refusal } from './link-error.ts';

const FILTER =
  /^\s*amqp\.annotation\.x-opt-(offset|sequence-number|enqueued-time)\s*(>=?)\s*'?(-?\d+|@latest)'?\s*$/;

/**
 * Reads a receiver's selector, `amqp.annotation.x-opt-offset > '17'`. Without a selector a receiver starts at
 * the earliest event, as by the service. `-1` is before everything.
 *
 * @throws Refusal `com.microsoft:argument-error` for anything else
 */
export function parseStartFilter(selector: unknown): StartPosition {
  if (selector === undefined || selector === null) return { from: 'earliest' };
  const [, what, operator, text] = FILTER.exec(String(selector)) ?? [];
  if (text === undefined)
    throw new Refusal(CONDITION.argument, `The filter '${String(selector)}' is not known.`);
  if (text === '@latest') return { from: 'latest' };
  const value = Number(text);
  if (value < 0) return { from: 'earliest' };
  const inclusive = operator === '>=';
  if (what === 'offset') return { from: 'offset', value, inclusive };
  return { from: what === 'sequence-number' ? 'sequence' : 'enqueuedAtMs', value, inclusive };
}
