import { createHash } from 'node:crypto';
import type { AnomalyModelObject } from '../../resources/custom-objects.ts';
import { annotation } from '../../resources/labels.ts';
import { cut } from '../../resources/status-fields.ts';

/** As much of an annotation's value as a status keeps. */
const mostValue = 200;
/** Ids are shown everywhere: a value that is no word in one line is told by its digest. */
const plainValue = /^[A-Za-z0-9][A-Za-z0-9._:+-]{0,99}$/;

/** A training that somebody asks for by `verdict.dev/retrain`. */
export interface AskedTraining {
  /** As the status will keep it. */
  readonly value: string;
  /** The same for the same value, always: a value asks once. */
  readonly triggerId: string;
}

/** What the annotation asks for and the status does not say was answered; null = nothing. */
export function askedTraining(owner: Pick<AnomalyModelObject, 'metadata' | 'status'>): AskedTraining | null {
  const whole = owner.metadata.annotations?.[annotation.retrain];
  if (whole === undefined || whole === '') return null;
  const value = cut(whole, mostValue);
  if (value === owner.status?.handledRetrain) return null;
  const word = plainValue.test(whole) ? whole : createHash('sha256').update(whole).digest('hex').slice(0, 32);
  return { value, triggerId: `asked-${word}` };
}
