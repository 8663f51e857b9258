import type { Server } from 'node:http';
import {
  type Clock,
  causedBy,
  type HostGuard,
  type Logger,
  type Registry,
  type Tracing,
  type VerifyToken,
} from '@verdict/process';
import type { AnomalyStore, ChangeFeed, PlanStore, RegistryStore, TrustStore } from '@verdict/storage';
import type { EndedSessions } from '../auth/ended-sessions.ts';
import type { DetectorClient } from '../detectors/detector-client.ts';
import type { SeriesLocator } from '../detectors/series-locator.ts';
import type { ModelDirectory } from '../models/model-directory.ts';
import { repeat } from '../repeat.ts';
import { ChangeQueue, type PendingChanges } from './change-queue.ts';
import { tellChanges } from './change-teller.ts';
import { FeedCursor } from './feed-cursor.ts';
import type { LiveMessage } from './live-message.ts';
import { type LiveMetrics, liveMetrics } from './live-metrics.ts';
import { LiveTails } from './live-tails.ts';
import { Slices } from './slices.ts';
import { SlowConnections, slowConnectionLimits } from './slow-connections.ts';
import { liveServer } from './socket-server.ts';
import { ToldRevisions } from './told-revisions.ts';
import { answerWatchers, tellWatchers, watchedSeries } from './watch-rooms.ts';

/** What the live side needs. */
export interface LiveHubParts {
  readonly server: Server;
  readonly verifyToken: VerifyToken;
  readonly ended: EndedSessions;
  /** Told that an API key was revoked or changed; null = any of them may have been. */
  readonly onKeyChange: (id: string | null) => void;
  readonly guard: HostGuard;
  /** Origins of pages elsewhere that may connect. */
  readonly corsOrigins: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tracing: Tracing;
  readonly metrics: Registry;
  /** Ends the process: for bugs in background work. */
  readonly crash: (error: unknown) => void;
  readonly changes: ChangeFeed;
  readonly anomalies: AnomalyStore;
  readonly registry: RegistryStore;
  readonly plans: PlanStore;
  readonly trust: TrustStore;
  readonly directory: ModelDirectory;
  readonly locator: SeriesLocator;
  readonly detectors: DetectorClient;
}

const maxQueued = 10_000;
/** Anomalies whose newest told revision is remembered: more than change within the reach of a cursor. */
const maxTold = 50_000;
/** Connections that are written to before it is asked whether other work has its turn: a millisecond or two. */
const sliceSize = 64;
const tellEveryMs = 1000;
/** Longer than the change feed takes to see that its connection is dead (15 s), so that no cursor is behind a loss. */
const cursorEveryMs = 20_000;
const tailsEveryMs = 1000;
/** For ends that the change feed did not tell, and that no gap gave away. */
const endingsEveryMs = 30_000;

/** Live messages to browsers: what the change feed says, and readings of watched series. */
export interface LiveHub {
  /** Ends all work and all connections; clients connect again by themselves, to another gateway if there is one. */
  stop(): Promise<void>;
}

/** Starts the live side. Resolves when the change feed is listened to. */
export async function startLiveHub(parts: LiveHubParts): Promise<LiveHub> {
  const { anomalies, changes, clock, crash, directory, ended, logger, onKeyChange } = parts;
  let isStopping = false;
  const io = liveServer({
    ...parts,
    nowMs: clock.nowMs,
    isStopping: () => isStopping,
    onEnd: (why) => measured.ended(why),
  });
  answerWatchers(io);
  const slices = new Slices(io, sliceSize);
  const slow = new SlowConnections({ io, limits: slowConnectionLimits, logger });
  const connections = () => io.of('/').sockets.size;
  const measured: LiveMetrics = liveMetrics(parts.metrics, { connections, queues: () => slow.figures });
  const tell = async (messages: readonly LiveMessage[]): Promise<void> => {
    if (messages.length === 0) return;
    await slices.tell(messages);
    for (const { event } of messages) measured.sent(event, connections());
    slow.look();
  };
  const told = new ToldRevisions(maxTold);
  const queue = new ChangeQueue(maxQueued);
  const cursor = new FeedCursor(anomalies);
  await cursor.advance();
  let isTelling = false;
  const telling = repeat(
    async () => {
      if (queue.empty) return;
      const pending = queue.take();
      isTelling = true;
      const startedMs = clock.monotonicMs();
      try {
        await traced(parts.tracing, pending, () => tellChanges({ ...parts, cursor, told, tell }, pending));
        measured.told((clock.monotonicMs() - startedMs) / 1000);
      } catch (error) {
        queue.markGap();
        throw error;
      } finally {
        isTelling = false;
      }
    },
    { name: 'telling changes', everyMs: tellEveryMs, clock, logger, crash },
  );
  const advancing = repeat(
    async () => {
      // What is being told now may fail, and must then be told from the old place on.
      if (queue.empty && !isTelling) await cursor.advance();
    },
    { name: 'moving the cursor of changes', everyMs: cursorEveryMs, clock, logger, crash },
  );
  const tails = new LiveTails({
    ...parts,
    watched: () => watchedSeries(io),
    emit: (readings) => {
      const { told, dropped } = tellWatchers(io, readings);
      measured.sent('readings', told);
      measured.dropped(dropped);
    },
  });
  const tailsThenQueues = async (): Promise<void> => {
    await tails.tick();
    slow.look();
  };
  const tailing = repeat(tailsThenQueues, {
    name: 'fetching live readings',
    everyMs: tailsEveryMs,
    clock,
    logger,
    crash,
  });
  const endings = repeat(() => ended.reload(), {
    name: 'reading ended log-ins',
    everyMs: endingsEveryMs,
    clock,
    logger,
    crash,
  });
  const feed = await changes.listen(
    (change) => {
      if (change.topic === 'session') {
        ended.add(change.id);
        return;
      }
      if (change.topic === 'key') {
        onKeyChange(change.id);
        return;
      }
      if (change.topic === 'model' || change.topic === 'pool') directory.forget();
      queue.add(change);
      telling.nudge();
    },
    () => {
      logger.info('changes may have been missed; telling everything since the last cursor');
      directory.forget();
      onKeyChange(null);
      endings.nudge();
      queue.markGap();
      telling.nudge();
    },
  );
  return {
    async stop() {
      // Whoever was sent away would come back at once.
      isStopping = true;
      await feed.stop();
      await Promise.all([telling.stop(), advancing.stop(), tailing.stop(), endings.stop()]);
      // Without a farewell of socket.io: its clients take that for a decision about them, and stay away.
      io.engine.close();
    },
  };
}

/** Telling is traced where it was announced in a trace: one span for all that is told at once. */
function traced(tracing: Tracing, pending: PendingChanges, tell: () => Promise<void>): Promise<void> {
  if (!tracing.on || pending.anomalies.size === 0) return tell();
  const attributes = { 'verdict.anomalies': pending.anomalies.size };
  const causes = causedBy([...pending.anomalies.values()].map(({ traceparent }) => traceparent));
  return tracing.span('tell connections', { kind: 'producer', attributes, ...causes }, tell);
}
