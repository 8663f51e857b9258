import { text } from 'node:stream/consumers';
import { stringify } from 'yaml';
import { aksValues } from './outputs/aks-values.ts';
import { parseKubernetesFacts } from './outputs/facts.ts';

// pulumi stack output --json | npm run -s aks-values > values.yaml
process.stdout.write(
  stringify(aksValues(parseKubernetesFacts(await text(process.stdin))), { aliasDuplicateObjects: false }),
);
