import {
  type Anomaly,
  type AuditEntry,
  type Flood,
  FloodReview,
  type MissedReport,
  MissedRequest,
  type Receipt,
  RolloutCommandRequest,
  TrainingRequest,
  type WorthAsking,
} from '@verdict/contracts';
import { type Answer, accept, problem } from './answer.ts';

/** What a recording gateway remembers of the feedback loop. */
export interface FeedbackLoopRecord {
  receipts: Receipt[];
  worthAsking: WorthAsking[];
  missed: MissedReport[];
  floods: Flood[];
  /** The audit trail, newest first; after it there is always more. */
  trail: AuditEntry[];
  /** Commands to rollouts by pool, in order; the id of the first is `command-1`. */
  commands: { pool: string; command: RolloutCommandRequest }[];
  /** Models for which a training was asked; the id of the first is `asked-1`. */
  trainings: string[];
}

/** An empty record. */
export function feedbackLoopRecord(): FeedbackLoopRecord {
  return { receipts: [], worthAsking: [], missed: [], floods: [], trail: [], commands: [], trainings: [] };
}

/** Answers the routes of the feedback loop; null for any other. */
export function answerFeedbackLoop(
  gateway: FeedbackLoopRecord & { anomalies: Anomaly[] },
  route: string,
  body: unknown,
): Answer | null {
  const id = decodeURIComponent(route.split('/')[2] ?? '');
  const shape = id === '' ? route : route.replace(id, '*');
  if (route === 'GET /anomalies/worth-asking') return found({ items: gateway.worthAsking });
  if (route.startsWith('POST /feedback/floods/'))
    return review(
      gateway.floods.find((flood) => route.includes(flood.id)),
      body,
    );
  switch (shape) {
    case 'GET /anomalies/*':
      return found(gateway.anomalies.find((anomaly) => anomaly.id === id));
    case 'GET /anomalies/*/receipt':
      return found(gateway.receipts.find((receipt) => receipt.anomalyId === id));
    case 'POST /models/*/trainings':
      return accept(TrainingRequest, body, () => ({ triggerId: `asked-${gateway.trainings.push(id)}` }));
    case 'POST /pools/*/rollout/commands':
      return accept(RolloutCommandRequest, body, (command) => ({
        id: `command-${gateway.commands.push({ pool: id, command })}`,
      }));
    case 'GET /missed':
      return found({ items: gateway.missed });
    case 'POST /missed':
      return accept(MissedRequest, body, (request) => {
        const reportId = crypto.randomUUID();
        const said = { person: 'ann', at: new Date().toISOString() };
        gateway.missed.push({ reason: null, comment: null, ...request, id: reportId, ...said });
        return { reportId };
      });
    case 'GET /feedback/*':
      if (id === 'audit') return found({ items: gateway.trail, next: '1-0-1' });
      return id === 'floods' ? found({ items: gateway.floods }) : null;
    case 'DELETE /missed/*':
      gateway.missed = gateway.missed.filter((report) => report.id !== id);
      return { status: 202, body: { reportId: id } };
    default:
      return null;
  }
}

function review(flood: Flood | undefined, body: unknown): Answer {
  if (flood === undefined) return problem(404, 'There is no such flood.');
  return accept(FloodReview, body, ({ decision, note = null }) =>
    Object.assign(flood, { state: decision === 'accept' ? 'accepted' : 'discarded', note }),
  );
}

function found(body: unknown): Answer {
  return body === undefined ? problem(404, 'There is no such thing') : { status: 200, body };
}
