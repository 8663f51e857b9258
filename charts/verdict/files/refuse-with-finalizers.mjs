// Before the release is uninstalled: models and pools with finalizers could never be deleted once the operator is gone.
import { readFileSync } from 'node:fs';
import { request } from 'node:https';

const folder = '/var/run/secrets/kubernetes.io/serviceaccount';
const {
  KUBERNETES_SERVICE_HOST: host,
  KUBERNETES_SERVICE_PORT: port,
  VERDICT_NAMESPACES: names,
} = process.env;

/** The objects of a kind in a namespace; none where the kind is not known any more. */
function list(namespace, plural) {
  const options = {
    host,
    port,
    path: `/apis/verdict.dev/v1alpha1/namespaces/${namespace}/${plural}?limit=5000`,
    ca: readFileSync(`${folder}/ca.crt`),
    headers: {
      authorization: `Bearer ${readFileSync(`${folder}/token`, 'utf8')}`,
      accept: 'application/json',
    },
    timeout: 20_000,
  };
  return new Promise((resolve, reject) => {
    const sent = request(options, (response) => {
      const chunks = [];
      response.on('error', reject);
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        if (response.statusCode === 404) resolve([]);
        else if (response.statusCode === 200) resolve(JSON.parse(text).items);
        else reject(new Error(`${options.path} was answered ${response.statusCode}: ${text}`));
      });
    });
    sent.on('error', reject);
    sent.on('timeout', () => sent.destroy(new Error('the API server does not answer')));
    sent.end();
  });
}

const commands = [];
for (const namespace of names.split(','))
  for (const plural of ['anomalymodels', 'detectorpools'])
    for (const { metadata } of await list(namespace, plural))
      if ((metadata.finalizers ?? []).length > 0)
        commands.push(`kubectl delete ${plural.slice(0, -1)} -n ${namespace} ${metadata.name}`);

if (commands.length > 0) {
  console.error(`Not uninstalled: without the operator these objects could never be deleted. Delete them first,
or keep what they have made (kubectl patch … --type=merge -p '{"spec":{"deletionPolicy":"Retain"}}'):

${commands.join('\n')}
`);
  process.exitCode = 1;
}
