import type { FeedbackEvent, MissedEvent } from '@verdict/contracts';
import { DatabaseUnavailable, type FeedbackStore } from '@verdict/storage';
import { EpochLost } from '@verdict/streams';

type RecordRequest = Parameters<FeedbackStore['record']>[0];

/** A store of verdicts in memory that asserts the newest epoch, as the database does. */
export class InMemoryFeedback implements Pick<FeedbackStore, 'checkpoint' | 'record'> {
  readonly events: FeedbackEvent[] = [];
  readonly missed: MissedEvent[] = [];
  readonly undecodable: RecordRequest['undecodable'][number][] = [];
  readonly checkpoints = new Map<string, number>();
  newestEpoch = 1;
  /** While false, everything is refused as by a database that is away. */
  available = true;
  /** Persons whose verdicts are refused as content that a table does not take. */
  readonly refusedPersons = new Set<string>();
  /** Calls of `record`, done or not. */
  records = 0;

  async checkpoint(_group: string, partition: string): Promise<number> {
    this.#check();
    return this.checkpoints.get(partition) ?? -1;
  }

  async record({ partition, epoch, checkpoint, events, missed, undecodable }: RecordRequest): Promise<void> {
    this.records += 1;
    this.#check();
    if (epoch !== this.newestEpoch) throw new EpochLost(`epoch ${epoch} is not ${this.newestEpoch}`);
    if (events.some(({ event }) => this.refusedPersons.has(event.person)))
      throw Object.assign(new Error('violates a constraint'), { code: '23514' });
    const known = new Set(this.events.map(({ feedbackId }) => feedbackId));
    for (const { event } of events) {
      if (!known.has(event.feedbackId)) this.events.push(event);
      known.add(event.feedbackId);
    }
    this.missed.push(...missed.map(({ event }) => event));
    this.undecodable.push(...undecodable);
    this.checkpoints.set(partition, checkpoint);
  }

  #check(): void {
    if (!this.available) throw new DatabaseUnavailable('the database is away');
  }
}
