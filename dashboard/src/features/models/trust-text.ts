import type { ModelShown } from '../../api/models.ts';
import { precisionOf } from '../../lib/precision.ts';
import { formatShare } from '../../lib/quantity.ts';

/** The serving version in a word. */
export function championText(model: ModelShown): string {
  return model.champion === 0 ? 'built in' : `version ${model.champion}`;
}

/** How far people's answers support the model, with the interval that their number allows. */
export function precisionText(model: ModelShown): string {
  const precision = precisionOf(model.anomalies.judgedTrue, model.anomalies.judgedFalse);
  if (precision === null) return 'nobody has answered yet';
  return `${formatShare(precision.share)} of ${precision.judged} answered were real`;
}
