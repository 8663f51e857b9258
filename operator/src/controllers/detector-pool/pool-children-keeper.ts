import { ChildKeeper } from '../../children/child-keeper.ts';
import { byControllerUid } from '../../control-loop/object-store.ts';
import { KubeError } from '../../kube/kube-error.ts';
import { keyOf, uidOf } from '../../kube/kube-object.ts';
import { placeOf } from '../../resources/child.ts';
import { deployments, disruptionBudgets, services } from '../../resources/child-kinds.ts';
import type { DetectorPoolObject } from '../../resources/custom-objects.ts';
import { detectorDeployment } from '../../resources/detector-deployment.ts';
import { poolDisruptionBudget, poolService } from '../../resources/pool-children.ts';
import type { Why } from '../../resources/ready-summary.ts';
import { AutoscalerKeeper } from './autoscaler-keeper.ts';
import type { Fleet } from './fleet.ts';
import { type Deployment, type PoolFacts, versionOfDeployment } from './pool-facts.ts';
import type { PoolParts } from './pool-parts.ts';

/** Keeps what pools are made of in the cluster. */
export class PoolChildrenKeeper {
  readonly #parts: Pick<PoolParts, 'caches' | 'settings'>;
  readonly #keeper: ChildKeeper;
  readonly #autoscaler: AutoscalerKeeper;

  constructor(parts: Pick<PoolParts, 'caches' | 'client' | 'settings' | 'clock'>) {
    const { caches, client, settings, clock } = parts;
    this.#parts = parts;
    this.#keeper = new ChildKeeper(client, clock.monotonicMs);
    const { lagSource } = settings;
    const { autoscalers } = caches;
    this.#autoscaler = new AutoscalerKeeper({ keeper: this.#keeper, client, autoscalers, lagSource, clock });
  }

  /** The Deployments of a pool, as they are known best. */
  deploymentsOf(owner: DetectorPoolObject): Deployment[] {
    return this.#parts.caches.deployments
      .indexed(byControllerUid, uidOf(owner))
      .flatMap((cached) => this.#keeper.newest(deployments, placeOf(cached), cached) ?? []);
  }

  /**
   * Applies what is not as wanted: what there is one of in a pool, and a Deployment for every version of the fleet.
   * @returns why something cannot be had, if it cannot
   */
  async keep(facts: PoolFacts, fleet: Fleet, signal: AbortSignal): Promise<Why | null> {
    try {
      return await this.#keepAll(facts, fleet, signal);
    } catch (error) {
      // No right, or a policy: somebody must change that, and has to hear of it. What serves serves on.
      if (!(error instanceof KubeError) || (error.status !== 403 && error.status !== 422)) throw error;
      return { reason: 'ClusterRefuses', message: error.message };
    }
  }

  async #keepAll(facts: PoolFacts, fleet: Fleet, signal: AbortSignal): Promise<Why | null> {
    const { owner, spec } = facts;
    const { caches, settings } = this.#parts;
    const service = poolService({ owner, spec });
    await this.#keeper.keep(services, service, caches.services.get(keyOf(service.metadata)), signal);
    const budget = poolDisruptionBudget({ owner, spec });
    await this.#keeper.keep(disruptionBudgets, budget, caches.budgets.get(keyOf(budget.metadata)), signal);
    for (const [version, replicas] of fleet.sizes) {
      const wanted = detectorDeployment({ owner, spec, version, replicas, settings });
      const cached = caches.deployments.get(keyOf(wanted.metadata));
      await this.#keeper.keep(deployments, wanted, cached, signal);
    }
    return await this.#autoscaler.keep(facts, signal);
  }

  /** Deletes the Deployments of versions that have no place in the fleet. */
  async removeOthers(found: readonly Deployment[], fleet: Fleet, signal: AbortSignal): Promise<void> {
    for (const deployment of found) {
      const version = versionOfDeployment(deployment);
      if (version !== undefined && !fleet.sizes.has(version))
        await this.#keeper.remove(deployments, deployment, signal);
    }
  }

  /** The pool is gone. */
  forget(uid: string): void {
    this.#autoscaler.forget(uid);
  }
}
