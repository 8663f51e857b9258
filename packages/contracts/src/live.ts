import { z } from 'zod';
import type { Anomaly } from './anomaly.ts';
import type { ScoredReadings } from './detector-api.ts';
import type { CurrentVerdict } from './feedback.ts';
import { SeriesKey } from './names.ts';
import type { ModelTrust } from './trust.ts';

/** What the hub tells about an anomaly; a client drops revisions that are not newer. */
export interface AnomalyMessage {
  kind: 'opened' | 'updated' | 'closed';
  anomaly: Anomaly;
}

/** The current verdicts on an anomaly, after one changed. */
export interface FeedbackMessage {
  anomalyId: string;
  verdicts: CurrentVerdict[];
}

/** Something about a model or a pool changed: read it again. */
export interface ResourceMessage {
  name: string;
  /** What happened, as a sentence. */
  event: string;
}

/** A model's trust after it was looked at again. */
export interface TrustMessage {
  namespace: string;
  name: string;
  trust: ModelTrust;
}

/** Body of `watch` and `unwatch`. */
export const WatchRequest = z.strictObject({ series: z.array(SeriesKey).min(1).max(50) });
export type WatchRequest = z.infer<typeof WatchRequest>;

/** Body of `renew`: a newer access token of the same person. */
export const RenewRequest = z.strictObject({ token: z.string().min(1).max(8192) });
export type RenewRequest = z.infer<typeof RenewRequest>;

/** Answer to `watch`, `unwatch` and `renew`. */
export type WatchAck = { ok: true } | { ok: false; error: string };

/** Messages from the hub to a client. */
export interface ServerToClient {
  anomaly: (message: AnomalyMessage) => void;
  feedback: (message: FeedbackMessage) => void;
  model: (message: ResourceMessage) => void;
  trust: (message: TrustMessage) => void;
  pool: (message: ResourceMessage) => void;
  /** Live readings of a watched series. */
  readings: (message: ScoredReadings) => void;
}

/** Messages from a client to the hub. The token is in the handshake: `auth: { token }`. */
export interface ClientToServer {
  watch: (request: WatchRequest, ack: (answer: WatchAck) => void) => void;
  unwatch: (request: WatchRequest, ack: (answer: WatchAck) => void) => void;
  /** Keeps the connection beyond the end of the token that it began with. */
  renew: (request: RenewRequest, ack: (answer: WatchAck) => void) => void;
}
