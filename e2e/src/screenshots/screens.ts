import type { Anomaly } from '@verdict/contracts';
import type { Page } from 'playwright-core';

/** One picture: where it is taken, in which theme, and when the page is worth taking. */
export interface Screen {
  readonly name: string;
  readonly path: string;
  readonly theme: 'light' | 'dark';
  /** Resolves when everything that the picture is for is there. */
  ready(page: Page): Promise<void>;
}

/** The pictures of the documentation, around one anomaly. */
export function documentationScreens(anomaly: Anomaly): Screen[] {
  const inbox = `/ui/inbox?anomaly=${anomaly.id}`;
  const series = `/ui/series/${anomaly.series}?range=15m`;
  return [
    { name: 'inbox', path: inbox, theme: 'light', ready: chartDrawn },
    { name: 'inbox-dark', path: inbox, theme: 'dark', ready: chartDrawn },
    { name: 'series', path: series, theme: 'light', ready: chartDrawn },
    { name: 'coverage', path: '/ui/coverage', theme: 'light', ready: rowsListed },
    {
      name: 'models',
      path: `/ui/models/${anomaly.model}`,
      theme: 'light',
      ready: (page) => page.getByRole('region', { name: /^Partitions of pool/ }).waitFor(),
    },
    {
      name: 'rollout',
      path: `/ui/rollout/${anomaly.pool}`,
      theme: 'light',
      ready: (page) => page.getByRole('region', { name: 'Events' }).waitFor(),
    },
  ];
}

/** Waits for the first line of the first chart. */
export function chartDrawn(page: Page): Promise<void> {
  return page.locator('figure svg path').first().waitFor();
}

function rowsListed(page: Page): Promise<void> {
  return page.getByRole('rowheader').first().waitFor();
}
