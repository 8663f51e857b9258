import { CoveragePage, CoverageQuery } from '@verdict/contracts';
import { anyRole, type Clock, defineRoute, type Route } from '@verdict/process';
import type { SeriesStore } from '@verdict/storage';
import { keptAnswer } from '../kept-answer.ts';
import type { ModelDirectory } from '../models/model-directory.ts';
import { coveragePage } from './coverage-page.ts';
import { readSeriesFacts } from './series-facts.ts';
import { seriesView } from './series-view.ts';

/** What coverage needs. */
export interface CoverageParts {
  readonly series: SeriesStore;
  readonly directory: ModelDirectory;
  readonly clock: Clock;
}

const keptMs = 1000;

/** `GET /coverage` and `GET /series`: which series are scored, warming, stale, unassigned or refused, and why. */
export function coverageRoutes(parts: CoverageParts): Route[] {
  const { series, directory, clock } = parts;
  // With 100,000 series this is work: it is done once a second, however many people look.
  const looked = keptAnswer(
    async () => {
      const current = await directory.current();
      const facts = await readSeriesFacts(series, current);
      const nowMs = clock.nowMs();
      const views = facts.map((one) => seriesView(one, current, nowMs));
      return { views, deadLetters: await series.deadLetters() };
    },
    keptMs,
    clock.monotonicMs,
  );
  const page = async (query: CoverageQuery): Promise<CoveragePage> => {
    const { views, deadLetters } = await looked.get();
    return coveragePage(views, query, deadLetters);
  };
  return [
    defineRoute({
      method: 'get',
      path: '/coverage',
      tag: 'series',
      summary: 'What is being done with each series, and why',
      roles: anyRole,
      query: CoverageQuery,
      response: CoveragePage,
      handler: ({ query }) => page(query),
    }),
    defineRoute({
      method: 'get',
      path: '/series',
      tag: 'series',
      summary: 'List series (the same as coverage)',
      roles: anyRole,
      query: CoverageQuery,
      response: CoveragePage,
      handler: ({ query }) => page(query),
    }),
  ];
}
