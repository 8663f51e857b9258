import { z } from 'zod';
import { IsoTime } from './names.ts';

/** A share, 0 to 1, with what is known of it. */
export const ShareEstimate = z.object({
  mean: z.number(),
  /** 5 % point: the share lies above it with 95 % certainty. */
  low: z.number(),
  /** 95 % point: the share lies below it with 95 % certainty. */
  high: z.number(),
});
export type ShareEstimate = z.infer<typeof ShareEstimate>;

/** How far people's recent verdicts support a model version. */
export const Confidence = ShareEstimate.extend({
  state: z.enum(['good', 'unknown', 'bad']),
  /** Weight of the real anomalies in the window; contradicting verdicts count as their share. */
  tp: z.number(),
  /** Weight of the false alarms in the window. */
  fp: z.number(),
  /** Judged anomalies in the window. */
  judged: z.int().nonnegative(),
  /** Those of them on which people disagree. */
  contested: z.int().nonnegative(),
});
export type Confidence = z.infer<typeof Confidence>;

/** The four ways in which a model shows, without anybody's verdict, that it no longer fits. */
export const signNames = ['calibration', 'alarm-rate', 'drift', 'input-drift'] as const;
export const SignName = z.enum(signNames);
export type SignName = z.infer<typeof SignName>;

/** What one of the signs says now. */
export const Sign = z.object({
  name: SignName,
  /** The figure that is watched; null while there is too little to say. */
  value: z.number().nullable(),
  /** `active` is a value above this. */
  border: z.number(),
  active: z.boolean(),
  /** What was measured, in words and numbers. */
  text: z.string(),
});
export type Sign = z.infer<typeof Sign>;

/** What people's answers say of a model over the window of its feedback policy. */
export const DetectionQuality = z.object({
  /** Share of the judged anomalies that are real; null while none is judged. */
  precision: ShareEstimate.nullable(),
  /** Share of the real events known to people that were found; null while none is known. */
  recall: ShareEstimate.nullable(),
  /** Judged anomalies over all; null when there are none. The lower, the less the two shares say. */
  labelCoverage: z.number().nullable(),
  anomalies: z.int().nonnegative(),
  judged: z.int().nonnegative(),
  /** Real anomalies; contradicting verdicts count as their share. */
  tp: z.number(),
  /** False alarms, likewise. */
  fp: z.number(),
  /** Events that people reported and no anomaly covers. */
  missed: z.int().nonnegative(),
});
export type DetectionQuality = z.infer<typeof DetectionQuality>;

/** Whether a model can be trusted: what verdicts and signs say of the version that serves. */
export const ModelTrust = z.object({
  /** When this was found out. */
  at: IsoTime,
  /** The champion that it is about. */
  version: z.int().nonnegative(),
  confidence: Confidence,
  signs: z.array(Sign),
  drift: z.object({
    /** One active sign is to be watched, two ask for a training. */
    verdict: z.enum(['calm', 'watch', 'retrain']),
    /** Which signs are active, in words. */
    reason: z.string(),
    /** Grows with every look at the signs. */
    window: z.int().nonnegative(),
  }),
  quality: DetectionQuality,
  /** Newest records of verdicts on the champion's anomalies, newest first, at most 50; sequences only grow. */
  verdicts: z.array(z.object({ sequence: z.int().nonnegative(), at: IsoTime })),
  /** Confidence in every version that has judged anomalies, by version number. */
  versions: z.record(z.string(), Confidence),
});
export type ModelTrust = z.infer<typeof ModelTrust>;

/** One point of a model's trust over time. */
export const TrustPoint = z.object({
  at: IsoTime,
  /** The champion then; state to judged are the confidence in it. */
  version: z.int().nonnegative(),
  state: z.enum(['good', 'unknown', 'bad']),
  mean: z.number(),
  low: z.number(),
  high: z.number(),
  judged: z.int().nonnegative(),
  /** Shares, 0 to 1; null where nothing was known. */
  precision: z.number().nullable(),
  recall: z.number().nullable(),
  labelCoverage: z.number().nullable(),
});
export type TrustPoint = z.infer<typeof TrustPoint>;

/** Query of `GET /models/{name}/trust`. */
export const TrustQuery = z.strictObject({ from: IsoTime.optional(), to: IsoTime.optional() });
export type TrustQuery = z.output<typeof TrustQuery>;

/** Answer of `GET /models/{name}/trust`: ascending, at most 1,000 points. */
export const TrustHistory = z.object({ points: z.array(TrustPoint) });
export type TrustHistory = z.infer<typeof TrustHistory>;
