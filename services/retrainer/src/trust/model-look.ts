import { durationMs, ModelTrust } from '@verdict/contracts';
import { championOf, type ReferenceBins, type Stretch } from '@verdict/lifecycle';
import type { Clock } from '@verdict/process';
import type {
  LabelStore,
  PlanStore,
  RegistryStore,
  RolloutStore,
  TrustStore,
  VersionLife,
} from '@verdict/storage';
import type { ServedModel } from '../served-models.ts';
import { ChampionSigns } from './champion-signs.ts';
import { LabelCache } from './label-cache.ts';
import { modelTrust } from './model-trust.ts';
import { WatchState } from './signs-state.ts';
import type { TrustMetrics } from './trust-metrics.ts';
import { isPointDue, isWorthTelling, pointOf } from './trust-point.ts';
import { totalsOf } from './version-totals.ts';

export interface LookParts {
  readonly registry: Pick<RegistryStore, 'versions'>;
  readonly plans: Pick<PlanStore, 'poolState'>;
  readonly rollouts: Pick<RolloutStore, 'figures' | 'get'>;
  readonly labels: Pick<LabelStore, 'anomalies' | 'missed' | 'verdicts' | 'reviews'>;
  readonly trust: Pick<TrustStore, 'get' | 'put'>;
  readonly clock: Clock;
  readonly metrics: TrustMetrics;
}

/** What a look is told by whoever looks. */
export interface LookRequest {
  readonly model: ServedModel;
  /** Grows with every verdict that this process records. */
  readonly recorded: number;
  readonly signal: AbortSignal;
}

const mostVerdicts = 50;
/** Reports of missed anomalies that recall counts at most, those that start last. */
const mostMissed = 5000;
/** Looked at so often even when nothing changed: anomalies leave the window, and others record verdicts. */
const lookEveryMs = 10_000;

/** What is read at every look, to see whether there is anything new. */
interface Glance {
  readonly champion: number;
  readonly lives: readonly VersionLife[];
  readonly verdicts: readonly { sequence: number; atMs: number }[];
  readonly reports: readonly Stretch[];
  /** Differ when verdicts or anomalies may have changed, and when anything did. */
  readonly labelsKey: string;
  readonly key: string;
}

/** Looks at one model again and again and stores what it finds; remembers only what saves it work. */
export class ModelLook {
  readonly #parts: LookParts;
  readonly #labels: LabelCache;
  #key = '';
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #inputs: { readonly version: number; readonly bins: ReferenceBins | null } | null = null;

  constructor(parts: LookParts) {
    this.#parts = parts;
    this.#labels = new LabelCache(parts.labels, parts.clock);
  }

  /**
   * One look: nothing more than a glance when nothing changed within ten seconds. Where another process stored trust
   * meanwhile, nothing is stored, and the next look goes on from there. Rejects with the signal's reason.
   */
  async look(request: LookRequest): Promise<void> {
    const { clock, metrics } = this.#parts;
    const beganMs = clock.monotonicMs();
    const glance = await this.#glance(request);
    if (glance.key === this.#key && beganMs - this.#lookedAtMs < lookEveryMs) return;
    const { written, fresh } = await this.#store(request, glance);
    if (!written) return;
    // With verdicts that are still to be read, the next look is a whole one.
    this.#key = fresh ? glance.key : '';
    this.#lookedAtMs = beganMs;
    metrics.took((clock.monotonicMs() - beganMs) / 1000);
  }

  async #glance({ model, recorded, signal }: LookRequest): Promise<Glance> {
    const { plans, rollouts, labels, clock } = this.#parts;
    const { namespace, name, pool, spec, poolSpec } = model;
    const { partitions } = await plans.poolState(pool);
    signal.throwIfAborted();
    const { state } = await rollouts.get(pool);
    signal.throwIfAborted();
    const champion = championOf(
      partitions.map(({ version }) => version),
      state,
    );
    const lives = await rollouts.figures(pool);
    signal.throwIfAborted();
    const verdicts = await labels.verdicts({
      namespace,
      model: name,
      version: champion,
      limit: mostVerdicts,
    });
    signal.throwIfAborted();
    const nowMs = clock.nowMs();
    const window = { fromMs: nowMs - durationMs(spec.feedback.window), toMs: nowMs };
    const reports = (await labels.missed({ ...window, limit: mostMissed }))
      .filter(({ series }) => model.owns(series))
      .map(({ series, from, to }) => ({ series, fromMs: Date.parse(from), toMs: Date.parse(to) }));
    signal.throwIfAborted();
    const counts = lives.map(({ version, readings, anomalies }) => ({ version, readings, anomalies }));
    const opened = counts.reduce((sum, { anomalies }) => sum + anomalies, 0);
    const reviews = await labels.reviews();
    signal.throwIfAborted();
    const labelsKey = JSON.stringify([opened, verdicts[0], recorded, reviews, spec.feedback]);
    const key = JSON.stringify([champion, counts, labelsKey, reports, poolSpec.rollout.analysis]);
    return { champion, lives, verdicts, reports, labelsKey, key };
  }

  /** Not `written` when another process was faster; not `fresh` when verdicts are still to be read. */
  async #store(
    { model, signal }: LookRequest,
    glance: Glance,
  ): Promise<{ written: boolean; fresh: boolean }> {
    const { trust, clock } = this.#parts;
    const { namespace, name, spec } = model;
    const { anomalies, fresh } = await this.#labels.read(model, glance.labelsKey);
    const watched = await this.#watched(model, glance.champion);
    signal.throwIfAborted();
    const stored = await trust.get(namespace, name);
    signal.throwIfAborted();
    const kept = WatchState.safeParse(stored?.signs).data;
    const before = ModelTrust.safeParse(stored?.trust).data ?? null;
    const nowMs = clock.nowMs();
    const signs = new ChampionSigns(watched, kept?.signs);
    const looks = Math.max(kept?.window ?? 0, before?.drift.window ?? 0);
    const window = looks + (signs.look(totalsOf(glance.lives, glance.champion), nowMs) ? 1 : 0);
    const facts = { ...glance, nowMs, spec: spec.feedback, anomalies, signs: signs.signs(nowMs), window };
    const now = modelTrust(facts);
    const point = isPointDue(before, now, kept?.pointAtMs ?? 0) ? pointOf(now) : null;
    const pointAtMs = point ? nowMs : (kept?.pointAtMs ?? 0);
    const written = await trust.put({
      namespace,
      model: name,
      expectedRevision: stored?.revision ?? 0,
      trust: now,
      signs: { window, pointAtMs, signs: signs.snapshot() } satisfies WatchState,
      point,
      tell: isWorthTelling(before, now),
    });
    if (written) this.#measure(`${namespace}/${name}`, before?.verdicts[0]?.sequence, glance.verdicts[0]);
    return { written, fresh };
  }

  /** The champion as the signs need it; what it learnt never changes, so it is read once. */
  async #watched({ namespace, name, poolSpec }: ServedModel, version: number) {
    if (this.#inputs?.version !== version) {
      const versions = version === 0 ? [] : await this.#parts.registry.versions(namespace, name);
      const manifest = versions.find((row) => row.version === version)?.manifest;
      this.#inputs = { version, bins: manifest?.reference?.inputs ?? null };
    }
    const { nominalPerThousand } = poolSpec.rollout.analysis;
    return { version, inputs: this.#inputs.bins, nominalPerThousand };
  }

  #measure(model: string, before: number | undefined, newest: Glance['verdicts'][number] | undefined): void {
    const { metrics, clock } = this.#parts;
    metrics.looked(model, clock.nowMs());
    if (before !== undefined && newest && newest.sequence > before)
      metrics.shown(model, (clock.nowMs() - newest.atMs) / 1000);
  }
}
