import { randomBytes } from 'node:crypto';
import type { SignalContribution } from '@verdict/contracts';
import type { Stores } from '@verdict/storage';
import { sampleAnomaly, shopWriter } from '@verdict/storage/testing';

/** A revision that is committed and not yet told. */
export interface Committed {
  readonly anomalyId: string;
  readonly revision: number;
  readonly kind: 'opened' | 'updated' | 'closed';
}

/** Commits anomalies as the detector of one partition does. */
export interface AnomalySource {
  newId(): string;
  /** Commits one revision of each anomaly in one transaction; `signals` makes them larger (about 100 bytes each). */
  commit(
    changes: readonly { id: string; revision: number }[],
    signals?: number,
  ): Promise<readonly Committed[]>;
}

const lastRevision = 3;

/** Declares a model with its pool and claims its first partition. The third revision of an anomaly closes it. */
export async function anomalySource(stores: Stores): Promise<AnomalySource> {
  const writer = await shopWriter(stores);
  return {
    newId: () => randomBytes(12).toString('hex'),
    async commit(changes, signals = 1) {
      const contributions = Array.from({ length: signals }, (_, index): SignalContribution => {
        return { signal: `signal_${index}`, share: 1 / signals, value: index, expected: 1, band: 0.5 };
      });
      const committed = changes.map(({ id, revision }): Committed => {
        const kind = revision === 1 ? 'opened' : revision === lastRevision ? 'closed' : 'updated';
        return { anomalyId: id, revision, kind };
      });
      const anomalies = committed.map(({ anomalyId: id, revision, kind }) =>
        sampleAnomaly({
          ...{ id, revision, kind, signals: contributions },
          state: kind === 'closed' ? 'closed' : 'open',
        }),
      );
      await writer.commit({ anomalies });
      return committed;
    },
  };
}

/** Tells a gateway of what was committed, as detectors do. */
export async function announce(url: string, token: string, changes: readonly Committed[]): Promise<void> {
  const answer = await fetch(`${url}/anomaly`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ changes }),
  });
  if (!answer.ok) throw new Error(`POST /anomaly was answered with ${answer.status}: ${await answer.text()}`);
}
