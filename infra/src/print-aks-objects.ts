import { text } from 'node:stream/consumers';
import { stringify } from 'yaml';
import { aksObjects } from './outputs/aks-objects.ts';
import { parseKubernetesFacts } from './outputs/facts.ts';

// pulumi stack output --json | npm run -s aks-objects | kubectl apply -f -
const objects = aksObjects(parseKubernetesFacts(await text(process.stdin)));
process.stdout.write(objects.map((object) => `---\n${stringify(object)}`).join(''));
