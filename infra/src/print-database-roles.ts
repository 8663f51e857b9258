import { text } from 'node:stream/consumers';
import { databaseRoles } from './outputs/database-roles.ts';
import { parseFacts } from './outputs/facts.ts';

// pulumi stack output --json | npm run -s database-roles
process.stdout.write(databaseRoles(parseFacts(await text(process.stdin))));
