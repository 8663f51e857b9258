import { createHash } from 'node:crypto';
import type { ModelManifest } from '@verdict/contracts';
import type { Kube, KubeObject } from './kube.ts';

const podName = 'e2e-put-candidate';

/** Runs in the image of trainings, which has all that is needed: where blobs and the registry are, and how to write. */
const script = `
import { readFile } from 'node:fs/promises';
import { openBlobs, openDatabase, openStores } from '@verdict/storage';
const { VERDICT_DATABASE_URL: url, VERDICT_BLOBS_URL: where, E2E_NAMESPACE: namespace, E2E_MODEL: model } = process.env;
const blobs = await openBlobs(where);
const db = openDatabase({ url, applicationName: 'e2e' });
try {
  const { registry } = openStores(db);
  const version = await registry.reserveVersion(namespace, model);
  const onnx = await readFile('/candidate/model.onnx');
  const createdAt = new Date();
  const like = JSON.parse(await readFile('/candidate/manifest.json', 'utf8'));
  const manifest = { ...like, version, createdAt: createdAt.toISOString() };
  const folder = \`models/\${namespace}/\${model}/\${version}\`;
  await blobs.put(\`\${folder}/model.onnx\`, onnx);
  await blobs.put(\`\${folder}/manifest.json\`, new TextEncoder().encode(JSON.stringify(manifest)));
  await registry.putVersion(namespace, model, {
    version,
    state: 'accepted',
    createdAtMs: createdAt.getTime(),
    manifest,
    evaluation: { accepted: true, reasons: ['put in by hand'], candidate: {}, baselineVersion: like.version, baseline: {} },
  });
  console.log(JSON.stringify({ version }));
} finally {
  await db.close();
}
`;

interface PodSpec {
  readonly containers: readonly {
    readonly name: string;
    readonly env?: readonly { readonly name: string }[];
    readonly volumeMounts?: readonly object[];
  }[];
  readonly volumes?: readonly object[];
}

/**
 * Puts a net into the platform by hand, past every judgement: artefacts into its blobs, an accepted version into its
 * registry. A pod does it, made like those of trainings, since only they reach both. Resolves with the version.
 */
export async function putCandidate(
  kube: Kube,
  model: string,
  { like, onnx }: { like: ModelManifest; onnx: Uint8Array },
): Promise<number> {
  const manifest = { ...like, sha256: createHash('sha256').update(onnx).digest('hex') };
  await kube.attempt(['delete', `pod/${podName}`, `configmap/${podName}`, '--ignore-not-found']);
  const metadata = { name: podName, namespace: kube.namespace };
  await kube.apply({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata,
    data: { 'manifest.json': JSON.stringify(manifest) },
    binaryData: { 'model.onnx': Buffer.from(onnx).toString('base64') },
  });
  try {
    const spec = podLike(await trainingPod(kube, model), kube.namespace, model);
    await kube.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...metadata, labels: { 'app.kubernetes.io/part-of': 'verdict' } },
      spec,
    });
    const wait = await kube.attempt(
      ['wait', `pod/${podName}`, '--for=jsonpath={.status.phase}=Succeeded', '--timeout=60s'],
      { timeoutMs: 70_000 },
    );
    const log = await kube.text(['logs', podName]);
    const answer = /^\{"version":(\d+)\}$/m.exec(log)?.[1];
    if (wait.code !== 0 || answer === undefined)
      throw new Error(`the candidate could not be put in: ${wait.stderr}${log}`);
    return Number(answer);
  } finally {
    await kube
      .withoutSignal()
      .attempt([
        'delete',
        `pod/${podName}`,
        `configmap/${podName}`,
        '--ignore-not-found',
        '--grace-period=1',
      ]);
  }
}

async function trainingPod(kube: Kube, model: string): Promise<PodSpec> {
  const jobs = await kube.list('jobs', [`--selector=verdict.dev/model=${model}`]);
  const [job] = jobs as readonly (KubeObject & { spec: { template: { spec: PodSpec } } })[];
  if (!job) throw new Error(`there is no Job of a training of ${model} to make a pod like its own`);
  return job.spec.template.spec;
}

function podLike(spec: PodSpec, namespace: string, model: string): object {
  const [container] = spec.containers;
  if (!container) throw new Error('the pod of a training has no container');
  const { env = [], volumeMounts = [], ...rest } = container;
  const own = [
    { name: 'E2E_NAMESPACE', value: namespace },
    { name: 'E2E_MODEL', value: model },
  ];
  return {
    ...spec,
    restartPolicy: 'Never',
    containers: [
      {
        ...rest,
        command: ['node', '--input-type=module', '--eval', script],
        args: undefined,
        resources: { requests: { cpu: '10m', memory: '64Mi' } },
        // The other names are those of a training.
        env: [...env.filter(({ name }) => /DATABASE|BLOBS|AZURE/.test(name)), ...own],
        volumeMounts: [...volumeMounts, { name: 'candidate', mountPath: '/candidate', readOnly: true }],
      },
    ],
    volumes: [...(spec.volumes ?? []), { name: 'candidate', configMap: { name: podName } }],
  };
}
