import { History, HistoryQuery, SeriesKey } from '@verdict/contracts';
import { anyRole, type Clock, defineRoute, HttpProblem, type Route } from '@verdict/process';
import type { HistoryStore } from '@verdict/storage';
import { z } from 'zod';
import type { DetectorClient } from '../detectors/detector-client.ts';
import type { SeriesLocator } from '../detectors/series-locator.ts';
import { historyView } from './history-view.ts';
import { joinTail } from './join-tail.ts';
import { newestTail } from './newest-tail.ts';

/** What history needs. */
export interface HistoryRouteParts {
  readonly history: HistoryStore;
  readonly locator: SeriesLocator;
  readonly detectors: DetectorClient;
  readonly clock: Clock;
}

const defaultRangeMs = 3_600_000;
const everyReadingLimit = 50_000;
/** Readings that are looked at for one chart; newest first when there are more. */
const downsampledLimit = 400_000;

/** `GET /series/{key}/history`: scored readings for a chart. */
export function historyRoute({ history, locator, detectors, clock }: HistoryRouteParts): Route {
  return defineRoute({
    method: 'get',
    path: '/series/{key}/history',
    tag: 'series',
    summary: 'Scored readings of a series, down-sampled to the points asked for',
    description: 'Slashes in the key are written as %2F. Extremes and alarms survive down-sampling.',
    roles: anyRole,
    params: z.strictObject({ key: SeriesKey }),
    query: HistoryQuery,
    response: History,
    problems: { 404: 'No reading of this series was ever scored.' },
    handler: async ({ params, query }) => {
      const toMs = query.to === undefined ? clock.nowMs() : Date.parse(query.to);
      const fromMs = query.from === undefined ? toMs - defaultRangeMs : Date.parse(query.from);
      if (fromMs > toMs)
        throw new HttpProblem(400, {
          detail: 'from lies after to.',
          errors: [{ field: 'from', message: 'must not lie after to' }],
        });
      const place = await locator.find(params.key);
      if (place === null) throw new HttpProblem(404, { detail: `There is no series ${params.key}.` });
      const limit = query.points === 0 ? everyReadingLimit : downsampledLimit;
      const { pool, series } = place.row;
      const stored = await history.read({ pool, series, fromMs, toMs, limit });
      const tail = await newestTail(detectors, place, { stored, fromMs, toMs });
      const rows = joinTail(stored, tail.readings, fromMs, toMs);
      return historyView({ series, fromMs, toMs, points: query.points, rows, complete: tail.complete });
    },
  });
}
