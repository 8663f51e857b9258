import { type CoveragePage, type CoverageQuery, CoverageState, type SeriesView } from '@verdict/contracts';

/** Filters, counts and pages views (ascending by key). `next` is the last key of the page. */
export function coveragePage(
  views: readonly SeriesView[],
  query: CoverageQuery,
  deadLetters: Record<string, number>,
): CoveragePage {
  const { model, state, next, limit } = query;
  const search = query.search?.toLowerCase();
  const matching = views.filter(
    (view) =>
      (model === undefined || view.model === model) &&
      (search === undefined || view.series.toLowerCase().includes(search)),
  );
  const counts = Object.fromEntries(CoverageState.options.map((one) => [one, 0])) as CoveragePage['counts'];
  for (const view of matching) counts[view.state] += 1;
  const wanted = matching.filter(
    (view) => (state === undefined || view.state === state) && (next === undefined || view.series > next),
  );
  const items = wanted.slice(0, limit);
  return {
    counts,
    items,
    next: wanted.length > items.length ? (items.at(-1)?.series ?? null) : null,
    deadLetters,
  };
}
