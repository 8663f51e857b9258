import { z } from 'zod';
import { SignalName } from './names.ts';

/**
 * What an alarming reading looks like: for each signal that carries a notable part of the alarm, its evidence (its
 * error over its own border: 1 = at the border) with the sign of value − expected. Two readings with about the same
 * pattern are odd in the same way.
 */
export const AlarmPattern = z.record(SignalName, z.number());
export type AlarmPattern = z.infer<typeof AlarmPattern>;

/** Kinds of alarming readings that are kept of one anomaly. */
export const mostPatterns = 6;
