import { createHash } from 'node:crypto';
import type { CoreV1Event } from '@kubernetes/client-node';
import { backOff, type Clock, Counter, type Logger, RecentMap, type Registry } from '@verdict/process';
import type { EventNote, EventRecorder } from './event-recorder.ts';
import type { KubeWriter } from './kube-client.ts';
import { KubeError } from './kube-error.ts';
import { type KubeObject, type KubeObjectOf, keyOf, uidOf } from './kube-object.ts';
import { microTime } from './micro-time.ts';
import { resourceKind } from './resource-kind.ts';
import { combinedMessage, SimilarNotes } from './similar-notes.ts';
import { type RateLimit, TokenBucket } from './token-bucket.ts';

export type KubeEvent = KubeObjectOf<CoreV1Event>;

/**
 * Of the core group: `kubectl describe` sorts by `lastTimestamp`, which events.k8s.io/v1 refuses to have, and shows
 * events without it in no order at all.
 */
export const eventKind = resourceKind<KubeEvent>({
  apiVersion: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
});

export interface EventRecorderOptions {
  readonly client: Pick<KubeWriter, 'serverSideApply'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Name of this process among its replicas, such as the pod's. */
  readonly instance: string;
  readonly registry?: Registry;
  /** Per object. Default 25 at once, then one in 5 min, as client-go. */
  readonly perObject?: RateLimit;
}

/** After so long without a repeat, the same note begins a new Event. As client-go. */
const seriesEndsMs = 6 * 60_000;
/** A repeat is written at the first one, and then at most so often. */
const seriesWriteMs = 60_000;
const mostWaiting = 1000;
/** Objects whose budget is remembered, as client-go; the one that was silent for longest is forgotten first. */
const mostBuckets = 4096;
const triesPerEvent = 5;

interface Series {
  /** Its message is the newest one where it stands for many. */
  event: KubeEvent;
  count: number;
  lastMs: number;
  writtenMs: number;
  waiting: boolean;
}

/** Writes Events in the background, one after the other. */
export class KubeEventRecorder implements EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #series = new Map<string, Series>();
  readonly #buckets = new RecentMap<string, TokenBucket>(mostBuckets);
  readonly #similar: SimilarNotes;
  readonly #waiting: Series[] = [];
  readonly #stop = new AbortController();
  readonly #dropped: Counter<'reason'> | undefined;
  #writing: Promise<void> | undefined;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    this.#similar = new SimilarNotes(options.clock);
    this.#dropped = options.registry && droppedCounter(options.registry);
  }

  record(about: KubeObject, said: EventNote): void {
    if (this.#stop.signal.aborted) return;
    const { clock } = this.#options;
    const nowMs = clock.monotonicMs();
    this.#forgetOld(nowMs);
    const group = this.#similar.groupOf(about, said);
    const note = group === null ? said : combined(said);
    const key = group ?? seriesKey(about, note);
    const known = this.#series.get(key);
    if (known !== undefined) {
      if (group !== null) known.event = { ...known.event, message: shortMessage(note) };
      known.count++;
      known.lastMs = nowMs;
      if (known.count === 2 || nowMs - known.writtenMs >= seriesWriteMs) this.#enqueue(known);
      return;
    }
    if (!this.#mayTellOf(about)) {
      this.#drop('rate');
      return;
    }
    const event = eventOf(about, note, { instance: this.#options.instance, nowMs: clock.nowMs() });
    const series = { event, count: 1, lastMs: nowMs, writtenMs: nowMs, waiting: false };
    this.#series.set(key, series);
    this.#enqueue(series);
  }

  /** Writes what is waiting, for at most `withinMs`; nothing is recorded afterwards. */
  async close(withinMs: number): Promise<void> {
    const timer = new AbortController();
    const late = this.#options.clock.sleep(withinMs, timer.signal).catch(() => undefined);
    await Promise.race([this.#writing, late]);
    timer.abort();
    this.#stop.abort(new Error('the event recorder is closed'));
    await this.#writing;
  }

  #enqueue(series: Series): void {
    if (series.waiting) return;
    if (this.#waiting.length >= mostWaiting) {
      this.#drop('full');
      return;
    }
    series.waiting = true;
    this.#waiting.push(series);
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
  }

  async #writeAll(): Promise<void> {
    for (let series = this.#waiting.shift(); series !== undefined; series = this.#waiting.shift()) {
      series.waiting = false;
      if (this.#stop.signal.aborted) this.#drop('stopped');
      else await this.#write(series);
    }
  }

  async #write(series: Series): Promise<void> {
    const { client, clock, logger } = this.#options;
    const waits = backOff({ firstMs: 500, maxMs: 10_000 });
    for (let tries = 1; ; tries++)
      try {
        series.writtenMs = clock.monotonicMs();
        await client.serverSideApply(eventKind, this.#applied(series), { signal: this.#stop.signal });
        return;
      } catch (error) {
        if (this.#stop.signal.aborted) return this.#drop('stopped');
        // Refused (a namespace that is being deleted, no right): no second try would be taken.
        const hopeless = error instanceof KubeError && error.status >= 400 && error.status < 500;
        if (hopeless || tries >= triesPerEvent) {
          logger.warn({ err: error, note: series.event.message }, 'an event could not be written');
          return this.#drop(hopeless ? 'refused' : 'failed');
        }
        await clock.sleep(waits.nextMs(), this.#stop.signal).catch(() => undefined);
      }
  }

  #applied({ event, count, lastMs }: Series) {
    const { clock } = this.#options;
    const { apiVersion: _, kind: __, metadata, ...rest } = event;
    const { name = '', namespace } = metadata;
    if (count === 1) return { ...rest, metadata: { name, namespace } };
    const seenMs = clock.nowMs() - (clock.monotonicMs() - lastMs);
    return {
      ...rest,
      metadata: { name, namespace },
      lastTimestamp: wholeSeconds(seenMs),
      series: { count, lastObservedTime: microTime(seenMs) },
    };
  }

  #mayTellOf(about: KubeObject): boolean {
    const { clock, perObject = { perSecond: 1 / 300, burst: 25 } } = this.#options;
    const uid = uidOf(about);
    const bucket = this.#buckets.get(uid) ?? new TokenBucket(perObject, clock);
    this.#buckets.set(uid, bucket);
    return bucket.tryTake();
  }

  #forgetOld(nowMs: number): void {
    for (const [key, series] of this.#series)
      if (nowMs - series.lastMs >= seriesEndsMs) this.#series.delete(key);
  }

  #drop(reason: 'rate' | 'full' | 'stopped' | 'refused' | 'failed'): void {
    this.#dropped?.inc({ reason });
  }
}

function seriesKey(about: KubeObject, note: EventNote): string {
  const related = note.related === undefined ? '' : keyOf(note.related);
  return JSON.stringify([uidOf(about), note.type, note.reason, note.action, note.message, related]);
}

function eventOf(about: KubeObject, note: EventNote, by: { instance: string; nowMs: number }): KubeEvent {
  const { name = '', namespace = 'default' } = about.metadata;
  // Unique without asking the server: the object, and a digest of what is said and when.
  const digest = createHash('sha256').update(`${seriesKey(about, note)} ${by.nowMs} ${by.instance}`);
  return {
    apiVersion: eventKind.apiVersion,
    kind: eventKind.kind,
    metadata: {
      name: `${name.slice(0, 200).replace(/[^a-z0-9]+$/, '')}.${digest.digest('hex').slice(0, 16)}`,
      namespace,
    },
    eventTime: microTime(by.nowMs),
    firstTimestamp: wholeSeconds(by.nowMs),
    lastTimestamp: wholeSeconds(by.nowMs),
    reportingComponent: 'verdict.dev/operator',
    reportingInstance: by.instance.slice(0, 128),
    action: note.action.slice(0, 128),
    reason: note.reason.slice(0, 128),
    involvedObject: referenceTo(about),
    ...(note.related && { related: referenceTo(note.related) }),
    message: shortMessage(note),
    type: note.type,
  };
}

/** What it is about is in the newest message alone. */
function combined({ type, reason, action, message }: EventNote): EventNote {
  return { type, reason, action, message: combinedMessage(message) };
}

function shortMessage({ message }: EventNote): string {
  return message.slice(0, 1024);
}

/** As `metav1.Time` is written. */
function wholeSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

function referenceTo({ apiVersion, kind, metadata }: KubeObject) {
  const { namespace, name, uid, resourceVersion } = metadata;
  return { apiVersion, kind, namespace, name, uid, resourceVersion };
}

function droppedCounter(registry: Registry): Counter<'reason'> {
  return new Counter({
    name: 'verdict_events_dropped_total',
    help: 'Kubernetes Events that were not written, by reason.',
    labelNames: ['reason'],
    registers: [registry],
  });
}
