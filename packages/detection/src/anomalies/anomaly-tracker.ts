import type { AnomalyPolicy } from '../detection-settings.ts';
import type { AnomalyChange, SignalShare } from '../engine-result.ts';
import { StateReader, StateWriter } from '../state/state-codec.ts';
import { mostKinds, withReading } from './alarm-kinds.ts';
import type { SignalEvidence } from './alarm-pattern.ts';
import { odds } from './odds.ts';
import { QuietedWake } from './quieted-wake.ts';

/** What the tracker needs to know about a scored reading. */
export interface TrackedReading {
  readonly time: number;
  readonly score: number;
  /** Whether a gap lies before it. */
  readonly gap: boolean;
  /** The score that it would have, were its like not known for a false alarm; null = it is not known for one. */
  readonly quieted: number | null;
  /** Model version that scored it. */
  readonly version: number;
  /** Only asked for at a peak. */
  readonly shares: () => SignalShare[];
  /** Only asked for when the score is above 0.5. */
  readonly pattern: () => SignalEvidence;
}

/** A peak that is this many times as far beyond the threshold (in odds s / (1 − s)) is clearly higher. */
const clearlyHigher = 1.5;
const firstLengthUpdate = 8;

/** Turns one series' scores into anomalies: opens, merges, reports growth, closes, rests. */
export class AnomalyTracker {
  readonly #series: string;
  /** As last told, or with the newest end and peak if nothing was told about them yet. */
  #open: AnomalyChange | null = null;
  #toldPeak = 0;
  #length = 0;
  #nextLength = firstLengthUpdate;
  #quiet = 0;
  #rest = 0;
  #lastPeak = 0;
  readonly #wake = new QuietedWake();

  constructor(series: string) {
    this.#series = series;
  }

  get open(): AnomalyChange | null {
    return this.#open;
  }

  /** Whether it remembers nothing that matters: a new one would go on in the same way. */
  get isIdle(): boolean {
    return this.#open === null && this.#rest === 0 && this.#wake.isOver;
  }

  /** Another one that goes on from the same point. */
  copy(): AnomalyTracker {
    const copy = new AnomalyTracker(this.#series);
    const to = new StateWriter();
    this.write(to);
    copy.read(new StateReader(to.finish()));
    return copy;
  }

  /** @returns the changes, oldest first: at most one closing and one opening or update. */
  track(reading: TrackedReading, policy: AnomalyPolicy): AnomalyChange[] {
    const changes: AnomalyChange[] = [];
    if (reading.gap && this.#open !== null) changes.push(this.#close(policy));
    this.#wake.follow(reading.quieted, policy);
    const change =
      this.#open === null ? this.#mayOpen(reading, policy) : this.#grow(this.#open, reading, policy);
    if (change !== null) changes.push(change);
    return changes;
  }

  #mayOpen(reading: TrackedReading, policy: AnomalyPolicy): AnomalyChange | null {
    const resting = this.#rest > 0;
    if (resting) this.#rest -= 1;
    if (!(reading.score > 0.5)) return null;
    if (resting && odds(reading.score) < clearlyHigher * odds(this.#lastPeak)) return null;
    if (this.#wake.holds(reading.score, policy)) return null;
    this.#toldPeak = reading.score;
    this.#length = 1;
    this.#nextLength = firstLengthUpdate;
    this.#quiet = 0;
    this.#open = {
      kind: 'opened',
      series: this.#series,
      startTime: reading.time,
      endTime: reading.time,
      peakTime: reading.time,
      peakScore: reading.score,
      revision: 1,
      openedBy: reading.version,
      signals: reading.shares(),
      patterns: [reading.pattern()],
    };
    return this.#open;
  }

  #grow(open: AnomalyChange, reading: TrackedReading, policy: AnomalyPolicy): AnomalyChange | null {
    this.#length += 1;
    if (!(reading.score > 0.5)) {
      this.#quiet += 1;
      return this.#quiet >= policy.closeAfterQuietReadings ? this.#close(policy) : null;
    }
    this.#quiet = 0;
    const higher = reading.score > open.peakScore;
    const now: AnomalyChange = {
      ...open,
      endTime: reading.time,
      patterns: withReading(open.patterns, reading.pattern()),
      ...(higher ? { peakTime: reading.time, peakScore: reading.score, signals: reading.shares() } : {}),
    };
    this.#open = now;
    const longer = this.#length >= this.#nextLength;
    const clear = odds(now.peakScore) >= clearlyHigher * odds(this.#toldPeak);
    if (!(longer || clear) || now.revision >= policy.maxRevisions) return null;
    while (this.#nextLength <= this.#length) this.#nextLength *= 2;
    this.#toldPeak = now.peakScore;
    this.#open = { ...now, kind: 'updated', revision: now.revision + 1 };
    return this.#open;
  }

  #close(policy: AnomalyPolicy): AnomalyChange {
    const open = this.#open;
    if (open === null) throw new Error('there is no open anomaly to close');
    this.#open = null;
    this.#rest = policy.restReadings;
    this.#lastPeak = open.peakScore;
    return { ...open, kind: 'closed', revision: open.revision + 1 };
  }

  write(to: StateWriter): void {
    to.u8(this.#open === null ? 0 : 1);
    if (this.#open !== null) writeChange(this.#open, to);
    for (const value of [
      this.#toldPeak,
      this.#length,
      this.#nextLength,
      this.#quiet,
      this.#rest,
      this.#lastPeak,
    ]) {
      to.f64(value);
    }
    this.#wake.write(to);
  }

  read(from: StateReader): void {
    this.#open = from.u8() === 1 ? readChange(this.#series, from) : null;
    this.#toldPeak = from.f64();
    this.#length = from.f64();
    this.#nextLength = from.f64();
    this.#quiet = from.f64();
    this.#rest = from.f64();
    this.#lastPeak = from.f64();
    this.#wake.read(from);
  }
}

function writeChange(change: AnomalyChange, to: StateWriter): void {
  to.u8(change.kind === 'opened' ? 0 : 1);
  for (const value of [change.startTime, change.endTime, change.peakTime, change.peakScore]) to.f64(value);
  to.u32(change.revision);
  to.u32(change.openedBy);
  to.u32(change.signals.length);
  for (const { signal, share, value, expected, band } of change.signals) {
    to.text(signal);
    for (const number of [share, value, expected, band]) to.f64(number);
  }
  to.u32(change.patterns.length);
  for (const pattern of change.patterns) writePattern(pattern, to);
}

function readChange(series: string, from: StateReader): AnomalyChange {
  const kind = from.u8() === 0 ? 'opened' : 'updated';
  const [startTime, endTime, peakTime, peakScore] = [from.f64(), from.f64(), from.f64(), from.f64()];
  const [revision, openedBy, count] = [from.u32(), from.u32(), from.u32(from.left)];
  const signals = Array.from({ length: count }, () => {
    const signal = from.text();
    const [share, value, expected, band] = [from.f64(), from.f64(), from.f64(), from.f64()];
    return { signal, share, value, expected, band };
  });
  const patterns = Array.from({ length: from.u32(mostKinds) }, () => readPattern(from));
  return { kind, series, startTime, endTime, peakTime, peakScore, revision, openedBy, signals, patterns };
}

function writePattern(pattern: SignalEvidence, to: StateWriter): void {
  const parts = Object.entries(pattern);
  to.u32(parts.length);
  for (const [signal, evidence] of parts) {
    to.text(signal);
    to.f64(evidence);
  }
}

function readPattern(from: StateReader): SignalEvidence {
  const parts = Array.from({ length: from.u32(from.left) }, () => [from.text(), from.f64()] as const);
  return Object.fromEntries(parts);
}
