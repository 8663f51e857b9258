import { z } from 'zod';
import { SignalName } from './names.ts';

/**
 * What an alarming reading looks like: for each signal that carries a notable part of the alarm, its evidence (its
 * error over its own border: 1 = at the border). It is negative where the value lies more than half a band below what
 * was expected, else positive, also where nothing was expected. Two readings with about the same pattern are odd in
 * the same way.
 */
export const AlarmPattern = z.record(SignalName, z.number());
export type AlarmPattern = z.infer<typeof AlarmPattern>;

/** Kinds of alarming readings that are kept of one anomaly; the engine, which knows no contracts, calls it `mostKinds`. */
export const mostPatterns = 6;

/** False alarms of one series that are remembered, the newest ones: a detector compares every alarm with each of them. */
export const mostRemembered = 32;
