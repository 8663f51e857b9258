import type { VersionSpan } from '@verdict/storage';
import type { Note } from './adapters/messages.ts';

/** From the last commit of an owner of a partition to the first of the next one. */
export interface Takeover {
  readonly partition: string;
  /** Process that owned it before. */
  readonly from: string;
  readonly fromPid: number;
  /** When the new owner committed first, epoch ms. */
  readonly atMs: number;
  readonly tookMs: number;
}

interface PartitionNotes {
  /** What each owner found as it took over: checkpoints by epoch. */
  readonly found: Map<number, number>;
  /** Last commit, and whose it was. */
  last: { epoch: number; checkpoint: number; atMs: number; name: string; pid: number } | null;
  /** In order; several begin at one event where changes follow each other with nothing between. */
  readonly spans: VersionSpan[];
  /** Newest event that was handed out. */
  newestRead: number;
}

type From = { readonly name: string; readonly pid: number };

/** Puts together what the processes tell of themselves. */
export class Journal {
  readonly #partitions = new Map<string, PartitionNotes>();
  readonly takeovers: Takeover[] = [];
  /** Events that were handed out again. */
  redelivered = 0;
  commits = 0;
  /** Commits by somebody who was not the newest owner. */
  zombieCommits = 0;
  /** Commits that an old owner tried, and that were refused. */
  refusedCommits = 0;
  /** Snapshots that a newest owner asked for and that were not there. */
  missingSnapshots = 0;
  /** Calls that were made to fail. */
  failedCalls = 0;
  /** Process ids that wait where they were asked to. */
  readonly held = new Set<number>();

  note(note: Note, from: From): void {
    if (note.kind === 'threw') this.failedCalls += note.calls;
    else if (note.kind === 'held') this.held.add(from.pid);
    else if (note.kind === 'refused') this.refusedCommits += 1;
    else if (note.kind === 'missing-blob') this.missingSnapshots += 1;
    else if (note.kind === 'loaded') this.#loaded(note);
    else if (note.kind === 'read') this.#read(note);
    else if (note.kind === 'committed') this.#committed(note, from);
  }

  /**
   * What was in force on a partition, from which event on; neighbours differ. A change that another one follows before
   * any event is there too: what a version has learnt depends on the way to it.
   */
  spans(partition: string): readonly VersionSpan[] {
    return this.#of(partition).spans;
  }

  /** Last committed event; -1 = none. */
  checkpoint(partition: string): number {
    return this.#of(partition).last?.checkpoint ?? -1;
  }

  get partitions(): string[] {
    return [...this.#partitions.keys()].sort();
  }

  #of(partition: string): PartitionNotes {
    const known = this.#partitions.get(partition);
    if (known !== undefined) return known;
    const made: PartitionNotes = { found: new Map(), last: null, spans: [], newestRead: -1 };
    this.#partitions.set(partition, made);
    return made;
  }

  #loaded({ partition, epoch, checkpoint, versions }: Extract<Note, { kind: 'loaded' }>): void {
    const notes = this.#of(partition);
    notes.found.set(epoch, checkpoint);
    // What a process committed and could not tell any more is told by the next one.
    for (const span of versions) addSpan(notes.spans, span);
  }

  #read({ partition, first, last }: Extract<Note, { kind: 'read' }>): void {
    const notes = this.#of(partition);
    this.redelivered += Math.max(0, Math.min(last, notes.newestRead) - first + 1);
    notes.newestRead = Math.max(notes.newestRead, last);
  }

  #committed(note: Extract<Note, { kind: 'committed' }>, from: From): void {
    const { partition, epoch, before, checkpoint, version, overlay, shadow, atMs } = note;
    const notes = this.#of(partition);
    this.commits += 1;
    if (epoch < (notes.last?.epoch ?? -1)) {
      // Whoever was frozen behind a commit tells of it late; the owner after that has found it already.
      if (checkpoint > (foundBehind(notes, epoch) ?? -1)) this.zombieCommits += 1;
      return;
    }
    if (notes.last !== null && notes.last.epoch < epoch)
      this.takeovers.push({
        partition,
        from: notes.last.name,
        fromPid: notes.last.pid,
        atMs,
        tookMs: atMs - notes.last.atMs,
      });
    notes.last = { epoch, checkpoint, atMs, ...from };
    addSpan(notes.spans, { fromSequence: before + 1, version, overlay, shadow });
  }
}

/** Puts it behind all that begin no later, unless it changes nothing. */
function addSpan(spans: VersionSpan[], span: VersionSpan): void {
  const at = spans.findLastIndex(({ fromSequence }) => fromSequence <= span.fromSequence);
  if (!isSame(span, spans[at])) spans.splice(at + 1, 0, span);
}

/** What the next owner after this epoch found; null = nobody told. */
function foundBehind({ found }: PartitionNotes, epoch: number): number | null {
  const next = Math.min(...[...found.keys()].filter((one) => one > epoch));
  return found.get(next) ?? null;
}

function isSame(one: VersionSpan, other: VersionSpan | undefined): boolean {
  return one.version === other?.version && one.overlay === other.overlay && one.shadow === other.shadow;
}

/** The value below which this share of the values lies; null without values. */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null;
}
