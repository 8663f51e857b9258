import { ClientGroup } from './client-group.ts';
import { Work, type WorkResult } from './work.ts';

// Processes of their own, so that what clients cost is told apart from what the gateway costs.
const group = new ClientGroup();
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));
process.on('message', (message) => {
  const work = Work.parse(message);
  const answer = (result: WorkResult): void => void process.send?.(result);
  if (work.type === 'collect') answer(group.collect());
  else
    group.connect(work).then(answer, (error: unknown) => answer({ type: 'failed', reason: String(error) }));
});
