import { createHash } from 'node:crypto';
import type { QuietPattern } from '@verdict/detection';
import type { VersionSpan } from '@verdict/storage';
import { noOverlay, type Overlay } from '../model/overlay-shelf.ts';
import { scriptEvents } from './reading-script.fixture.ts';
import { ScriptedWorld, shopOrders } from './scripted-detector.fixture.ts';
import { readingTexts } from './scripted-partition-store.fixture.ts';

/** What these worlds read, where nothing else is given. */
export const bodies: readonly Uint8Array[] = scriptEvents();
/** The last event. */
export const last = bodies.length - 1;

/** A world where orders change, and further events come, as soon as the event before a stage is committed. */
export async function stagedWorld(
  spans: readonly VersionSpan[],
  overlays: ReadonlyMap<number, Overlay>,
  script: readonly Uint8Array[] = bodies,
): Promise<ScriptedWorld> {
  const world = new ScriptedWorld();
  for (const [number, overlay] of overlays) world.overlays.set(number, overlay);
  const end = (stage: number) => spans[stage + 1]?.fromSequence ?? script.length;
  await world.send(script.slice(0, end(0)));
  let stage = 0;
  world.orders = () => {
    if (stage + 1 < spans.length && world.store.checkpoint === end(stage) - 1) {
      stage += 1;
      void world.send(script.slice(spans[stage]?.fromSequence, end(stage)));
    }
    const { version = 0, overlay = 0, shadow = null } = spans[stage] ?? {};
    return { ...shopOrders(version, undefined, shadow), overlay: world.overlays.get(overlay) ?? noOverlay };
  };
  return world;
}

/** Memories of what alarms when there are none: each of some of the series. */
export async function memoriesOf(stages: readonly VersionSpan[]): Promise<Map<number, Overlay>> {
  const loud = await stagedWorld(
    stages.map((stage) => ({ ...stage, overlay: 0 })),
    new Map(),
  );
  await loud.workUpTo(last);
  const quiet = (series: string): [string, readonly QuietPattern[]] => [
    series,
    [...loud.store.anomalies.values()]
      .filter((one) => one.series === series)
      .flatMap(({ patterns }) => patterns.map((pattern) => ({ pattern, untilMs: Number.MAX_SAFE_INTEGER }))),
  ];
  const of = (number: number, ...series: string[]): [number, Overlay] => [
    number,
    { number, memory: new Map(series.map(quiet)) },
  ];
  const [cart, checkout, payment] = ['shop/cart', 'shop/checkout', 'shop/payment-late'];
  return new Map([of(1, cart), of(2, cart, checkout), of(3, checkout), of(4, cart, payment)]);
}
/** Everything that must not depend on who died when. */
export function resultsOf({ store, newest: snapshot }: ScriptedWorld) {
  if (snapshot === null) throw new Error('there is no snapshot');
  return {
    history: [...store.history].sort(),
    tails: snapshot.tails.flatMap(({ series, rows }) => readingTexts(series, rows)).sort(),
    engine: createHash('sha256').update(snapshot.engine).digest('hex'),
    shadow: snapshot.shadow && createHash('sha256').update(snapshot.shadow.engine).digest('hex'),
    series: snapshot.series,
    anomalies: [...store.anomalies].sort(),
    deadLetters: [...store.deadLetters].sort(),
    counted: store.counted,
    checkpoint: store.checkpoint,
    spans: store.spans,
    figures: [...store.figures],
    comparisons: [...store.comparisons],
    shadowTroubles: store.shadowTroubles,
    // Ordered per anomaly; how anomalies mix depends on where batches are cut.
    posted: store.posted
      .map(({ anomalyId, revision, kind }) => `${anomalyId} ${revision} ${kind}`)
      .sort((a, b) => a.slice(0, 24).localeCompare(b.slice(0, 24))),
  };
}
