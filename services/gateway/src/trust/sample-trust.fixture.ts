import type { Confidence, ModelTrust } from '@verdict/contracts';

/** Confidence of ten judged anomalies, most of them real. */
export const sampleConfidence: Confidence = {
  state: 'good',
  mean: 0.8,
  low: 0.6,
  high: 0.93,
  tp: 8,
  fp: 2,
  judged: 10,
  contested: 1,
};

/** Trust in version 1 at an instant, with what is to differ. */
export function sampleTrust(atMs: number, change: Partial<ModelTrust> = {}): ModelTrust {
  return {
    at: new Date(atMs).toISOString(),
    version: 1,
    confidence: sampleConfidence,
    signs: [
      { name: 'calibration', value: 0.01, border: 0.05, active: false, text: 'p-values are even' },
      { name: 'alarm-rate', value: 7, border: 3, active: true, text: '7 times the nominal rate' },
      { name: 'drift', value: null, border: 1, active: false, text: 'too little to say' },
    ],
    drift: { verdict: 'watch', reason: 'alarm-rate', window: 3 },
    quality: {
      precision: { mean: 0.8, low: 0.6, high: 0.93 },
      recall: null,
      labelCoverage: 0.5,
      anomalies: 20,
      judged: 10,
      tp: 8,
      fp: 2,
      missed: 3,
    },
    verdicts: [],
    versions: { '1': sampleConfidence },
    ...change,
  };
}
