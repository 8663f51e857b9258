import type { Page } from 'playwright-core';

/** What a page complained about since it was last asked. */
export interface PageFaults {
  /** Errors in the console and errors nobody caught, as `text (address)`; forgets them. */
  take(): string[];
}

/** Listens to a page for everything that a person would find in its console as an error. */
export function watchFaults(page: Page): PageFaults {
  let faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => faults.push(`${error.stack ?? error.message} (uncaught)`));
  return {
    take() {
      const taken = faults;
      faults = [];
      return taken;
    },
  };
}
