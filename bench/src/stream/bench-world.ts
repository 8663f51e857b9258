import type { Load, LoadResult } from '../stream-client/load.ts';
import { BenchPlatform, type BenchPlatformOptions } from './bench-platform.ts';
import { fillHub } from './fill-hub.ts';
import { madeReadings, warmRows } from './made-readings.ts';
import { type Measured, type Moment, measuredBetween } from './measured.ts';

export interface WorldOptions extends BenchPlatformOptions {
  readonly series: number;
  readonly seed: number;
  /** Rows that every series has at least before anything is measured; absent = enough to be warm. */
  readonly leastRows?: number;
  readonly readingsPerPost: number;
  readonly connections: number;
  readonly signal: AbortSignal;
  readonly tell: (sentence: string) => void;
}

type Answer = LoadResult | { readonly type: 'failed'; readonly reason: string };

const pollMs = 50;
/** Without any progress for so long, something is broken. */
const stuckMs = 180_000;

/** A platform with warm series, and what can be measured with it. Rows go on from one measurement to the next. */
export class BenchWorld {
  readonly platform: BenchPlatform;
  readonly #options: WorldOptions;
  #row = 0;
  /** Readings that are in the hub. */
  #sent: number;

  private constructor(platform: BenchPlatform, options: WorldOptions, sent: number) {
    this.platform = platform;
    this.#options = options;
    this.#sent = sent;
  }

  /** Everything runs but the detectors, and the hub has the first rows of each series. */
  static async open(options: WorldOptions): Promise<BenchWorld> {
    const { series, seed, partitions, tell } = options;
    tell(`${series} series, ${options.detectors} detector(s): starting …`);
    const platform = await BenchPlatform.start(options);
    try {
      const made = madeReadings(series, seed, options.leastRows);
      const sent = await fillHub({ connectionString: platform.hubs, partitions }, made);
      return new BenchWorld(platform, options, sent);
    } catch (error) {
      await platform.stop();
      throw error;
    }
  }

  /** Starts detectors, and waits until they have committed everything that is in the hub. */
  async warmUp(): Promise<void> {
    this.#options.tell(`  warming up with ${this.#sent} readings …`);
    await this.platform.startDetectors();
    await this.#untilCommitted(this.#sent);
  }

  /** Sends rows as fast as they are taken; until the hub has them, or until they are committed. */
  async send(rows: number, until: 'in hub' | 'committed'): Promise<Measured> {
    const readings = rows * this.#options.series;
    this.#options.tell(`  sending ${readings} readings …`);
    let before = this.#now();
    await this.#load({ rows, perSecond: null, oddEveryMs: null }, () => {
      before = this.#now();
    });
    if (until === 'committed') await this.#untilCommitted(this.#sent);
    return measuredBetween(before, this.#now(), readings);
  }

  /** Starts detectors on what waits in the hub; the clock runs from the first commit on. */
  async catchUp(): Promise<Measured> {
    const base = await this.platform.committed();
    this.#options.tell(`  catching up with ${this.#sent - base} readings …`);
    await this.platform.startDetectors();
    await this.#untilCommitted(base + 1);
    const before = this.#now();
    const from = await this.platform.committed();
    await this.#untilCommitted(this.#sent);
    return measuredBetween(before, this.#now(), this.#sent - from);
  }

  /** Sends at a steady pace with an odd value now and then. */
  async sendSteadily(pace: {
    perSecond: number;
    seconds: number;
    /** null = no odd values. */
    oddEveryMs: number | null;
  }): Promise<LoadResult> {
    const { perSecond, seconds, oddEveryMs } = pace;
    this.#options.tell(`  ${Math.round(perSecond)} readings/s for ${Math.round(seconds)} s …`);
    const rows = Math.max(1, Math.round((perSecond * seconds) / this.#options.series));
    const result = await this.#load({ rows, perSecond, oddEveryMs });
    await this.#untilCommitted(this.#sent);
    return result;
  }

  close(): Promise<void> {
    return this.platform.stop();
  }

  #now(): Moment {
    return { atMs: performance.now(), usage: this.platform.usage() };
  }

  async #load(
    what: Pick<Load, 'rows' | 'perSecond' | 'oddEveryMs'>,
    onReady: () => void = () => undefined,
  ): Promise<LoadResult> {
    const { series, seed, readingsPerPost, connections, signal, leastRows = warmRows } = this.#options;
    // Anew for each load: warming a million series takes longer than a log-in is good for.
    const token = await this.platform.token();
    const client = this.platform.client();
    const load: Load = {
      url: this.platform.url,
      token,
      fromRow: this.#row,
      ...{ series, seed, leastRows, readingsPerPost, connections },
      ...what,
    };
    this.#row += what.rows;
    const answer = await new Promise<Answer>((resolve, reject) => {
      client.child.once('message', (first: Answer | { type: 'ready' }) => {
        if (first.type !== 'ready') {
          resolve(first);
          return;
        }
        client.child.once('message', resolve as (message: unknown) => void);
        onReady();
        client.child.send('start');
      });
      client.child.once('exit', () => reject(new Error('the client ended')));
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      client.child.send(load);
    });
    if (answer.type === 'failed') throw new Error(answer.reason);
    this.#sent += answer.readings;
    return answer;
  }

  async #untilCommitted(readings: number): Promise<void> {
    let most = -1;
    let movedMs = performance.now();
    for (;;) {
      this.#options.signal.throwIfAborted();
      const committed = await this.platform.committed();
      if (committed >= readings) return;
      if (committed > most) {
        most = committed;
        movedMs = performance.now();
      }
      if (performance.now() - movedMs > stuckMs)
        throw new Error(`only ${committed} of ${readings} readings are committed, and no more come`);
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }
}
