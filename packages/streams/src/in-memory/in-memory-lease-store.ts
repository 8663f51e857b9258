import type { Lease, LeaseStore, Member } from '../lease-store.ts';

interface LeaseRow {
  epoch: number;
  holder: string | null;
  expiresAtMs: number;
}

interface MemberRow {
  readonly member: Member;
  readonly expiresAtMs: number;
}

interface GroupRows {
  readonly leases: Map<string, LeaseRow>;
  readonly members: Map<string, MemberRow>;
}

/** Leases within this process; `nowMs` is the store's own clock. */
export class InMemoryLeaseStore implements LeaseStore {
  readonly #nowMs: () => number;
  readonly #groups = new Map<string, GroupRows>();

  constructor(nowMs: () => number = Date.now) {
    this.#nowMs = nowMs;
  }

  async heartbeat(request: Parameters<LeaseStore['heartbeat']>[0]): ReturnType<LeaseStore['heartbeat']> {
    const { leases, members } = this.#group(request.group);
    const { member, held, expiryMs } = request;
    const nowMs = this.#nowMs();
    const expiresAtMs = nowMs + expiryMs;
    members.set(member.holder, { member, expiresAtMs });
    const renewed: string[] = [];
    for (const { partition, epoch } of held) {
      const row = leases.get(partition);
      if (!row || row.epoch !== epoch || row.holder !== member.holder || row.expiresAtMs <= nowMs) continue;
      row.expiresAtMs = expiresAtMs;
      renewed.push(partition);
    }
    return {
      renewed,
      leases: [...leases].map(([partition, row]) => shownLease(partition, row, nowMs)),
      members: [...members.values()].filter((row) => row.expiresAtMs > nowMs).map((row) => row.member),
      nextExpiryMs: nextExpiryMs(leases.values(), member.holder, nowMs),
    };
  }

  async claim(request: Parameters<LeaseStore['claim']>[0]): Promise<{ epoch: number } | null> {
    const { leases } = this.#group(request.group);
    const nowMs = this.#nowMs();
    const row = leases.get(request.partition);
    if (row && row.holder !== null && row.expiresAtMs > nowMs) return null;
    const epoch = (row?.epoch ?? 0) + 1;
    leases.set(request.partition, {
      epoch,
      holder: request.member.holder,
      expiresAtMs: nowMs + request.expiryMs,
    });
    return { epoch };
  }

  async release(request: Parameters<LeaseStore['release']>[0]): Promise<void> {
    const row = this.#group(request.group).leases.get(request.partition);
    if (row && row.holder === request.holder && row.epoch === request.epoch) row.holder = null;
  }

  async leave(request: Parameters<LeaseStore['leave']>[0]): Promise<void> {
    this.#group(request.group).members.delete(request.holder);
  }

  #group(name: string): GroupRows {
    const group = this.#groups.get(name) ?? { leases: new Map(), members: new Map() };
    this.#groups.set(name, group);
    return group;
  }
}

function nextExpiryMs(rows: Iterable<LeaseRow>, but: string, nowMs: number): number | null {
  let next: number | null = null;
  for (const { holder, expiresAtMs } of rows)
    if (holder !== null && holder !== but && expiresAtMs > nowMs)
      next = Math.min(next ?? Number.POSITIVE_INFINITY, expiresAtMs - nowMs);
  return next;
}

function shownLease(partition: string, row: LeaseRow, nowMs: number): Lease {
  return { partition, epoch: row.epoch, holder: row.expiresAtMs > nowMs ? row.holder : null };
}
