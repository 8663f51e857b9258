import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Resource } from '@verdict/contracts';
import fc from 'fast-check';
import { kubeApiMissing } from '../testing/kube-binaries.ts';
import { poll } from '../testing/poll.ts';
import { type KubeApi, startKubeApi } from '../testing/start-kube-api.ts';
import { anomalyModels, detectorPools } from './custom-objects.ts';
import { type KubeAnswer, type KubeRequest, kubeRequests } from './kube-request.fixture.ts';
import { crds, type Manifest, sampleManifests } from './manifest-files.fixture.ts';

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const group = '/apis/verdict.dev/v1alpha1/namespaces/default';
const plurals = { AnomalyModel: anomalyModels.plural, DetectorPool: detectorPools.plural };
const changesOfEach = 250;

/** What a person may write by mistake, and what lies just inside and outside of bounds. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(-1, 0, 1, 2, 3, 4, 9, 10, 11, 64, 65, 128, 129, 200, 1000, 1001, 2 ** 31, 2 ** 40),
  fc.constantFrom<unknown>(0.01, 0.5, 0.99, 1.5, 1e9, 1e10),
  fc.constantFrom<unknown>(
    '',
    'each',
    'habit',
    'Delete',
    'keda',
    '7d',
    '0s',
    '100m',
    '2Gi',
    '5 apples',
    'a'.repeat(201),
  ),
  fc.constantFrom<unknown>(
    true,
    false,
    [],
    {},
    ['each'],
    ['a', 'a'],
    ['a/**', 'a/b'],
    [{ share: 1, pauseSeconds: 0 }],
  ),
  fc.string({ maxLength: 8 }),
);
type Change = { readonly place: number; readonly how: 'set' | 'drop' | 'double'; readonly value: unknown };
const change: fc.Arbitrary<Change> = fc.record({
  place: fc.nat(),
  how: fc.constantFrom('set', 'set', 'set', 'drop', 'double'),
  value: odd,
});

describe('CRD and TypeScript, asked about the same manifests', { skip: kubeApiMissing }, () => {
  let api: KubeApi;
  let ask: (request: KubeRequest) => Promise<KubeAnswer>;

  before(async () => {
    api = await startKubeApi();
    ask = kubeRequests(api.kubeconfig);
    for (const body of Object.values(crds())) await ask({ method: 'POST', path: definitions, body });
    for (const plural of Object.values(plurals))
      await poll(plural, async () => (await ask({ path: `${group}/${plural}` })).status === 200);
  });
  after(() => api?.close());

  for (const kind of ['AnomalyModel', 'DetectorPool'] as const)
    test(`${kind}: what one accepts, the other accepts`, async () => {
      const sample = sampleManifests().find(
        ({ file, manifest }) => file.includes('/full/') && manifest.kind === kind,
      )?.manifest;
      assert.ok(sample);
      const answers = { accepted: 0, refused: 0 };
      await fc.assert(
        fc.asyncProperty(change, async (wanted) => {
          const manifest = changed(sample, wanted);
          const path = `${group}/${plurals[kind]}?dryRun=All&fieldValidation=Strict`;
          const { status, body } = await ask({ method: 'POST', path, body: manifest });
          assert.ok([201, 400, 422].includes(status), `${status}: ${body.message}`);
          const parsed = Resource.safeParse(manifest);
          const told = `${JSON.stringify(manifest.spec)}\n${body.message}\n${parsed.error?.message}`;
          assert.equal(parsed.success, status === 201, told);
          answers[parsed.success ? 'accepted' : 'refused'] += 1;
        }),
        // What the one runs finds, every run finds; `each` without brackets is the difference that is meant.
        { numRuns: changesOfEach, seed: 20_261_123 },
      );
      assert.ok(answers.accepted > 20 && answers.refused > 100, JSON.stringify(answers));
    });
});

interface Place {
  readonly holder: Record<string, unknown> | unknown[];
  readonly key: string;
}

/** The sample with one place in its spec changed. */
function changed(sample: Manifest, { place, how, value }: Change): Manifest {
  const manifest = structuredClone(sample);
  const all = [...places(manifest.spec)];
  const chosen = all[place % all.length];
  if (!chosen) throw new Error('the sample is empty');
  const { holder, key } = chosen;
  if (Array.isArray(holder)) {
    if (how === 'drop') holder.splice(Number(key), 1);
    else if (how === 'double') holder.push(holder[Number(key)]);
    else holder[Number(key)] = value;
  } else if (how === 'drop') delete holder[key];
  // A name that nobody knows.
  else if (how === 'double') holder[`${key}2`] = holder[key];
  else if (!(key === 'signals' && value === 'each')) holder[key] = value;
  return manifest;
}

function* places(holder: Record<string, unknown> | unknown[]): Generator<Place> {
  for (const [key, value] of Object.entries(holder)) {
    yield { holder, key };
    if (typeof value === 'object' && value !== null) yield* places(value as Record<string, unknown>);
  }
}
