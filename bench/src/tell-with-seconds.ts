import { shown } from './markdown-table.ts';

/** Tells on stderr how a measurement goes, with the seconds since this call. */
export function tellWithSeconds(): (sentence: string) => void {
  const startedMs = performance.now();
  return (sentence) => {
    console.error(`${shown((performance.now() - startedMs) / 1000, 0).padStart(5)} s  ${sentence}`);
  };
}
