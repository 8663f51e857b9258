import { systemClock } from '../clock.ts';

/** Named checks of what a process needs; each resolves when all is well and rejects with the reason. */
export type HealthChecks = Readonly<Record<string, () => Promise<void>>>;

/** What `/readyz` answers. */
export interface Readiness {
  readonly ready: boolean;
  /** `ok` or the reason, per check. */
  readonly checks: Record<string, string>;
}

const checkTimeoutMs = 2000;
const keptMs = 1000;

/** Runs all checks with a time limit; the answer is kept for a second, so that probing costs nothing. */
export function readiness(
  checks: HealthChecks,
  monotonicMs: () => number = systemClock.monotonicMs,
): () => Promise<Readiness> {
  let newest: { atMs: number; answer: Promise<Readiness> } | null = null;
  return () => {
    if (newest === null || monotonicMs() - newest.atMs > keptMs)
      newest = { atMs: monotonicMs(), answer: runAll(checks) };
    return newest.answer;
  };
}

async function runAll(checks: HealthChecks): Promise<Readiness> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await runOne(check)] as const),
  );
  return { ready: results.every(([, result]) => result === 'ok'), checks: Object.fromEntries(results) };
}

async function runOne(check: () => Promise<void>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${checkTimeoutMs} ms`), checkTimeoutMs);
  });
  const result = check().then(
    () => 'ok',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const first = await Promise.race([result, timeout]);
  clearTimeout(timer);
  return first;
}
