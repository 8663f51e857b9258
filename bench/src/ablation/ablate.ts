import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { QualityOptions, SetName } from '../quality/options.ts';
import type { SetsReport } from '../quality/quality-report.ts';
import { type Member, members } from './members.ts';

/** What a child process measures. */
export type AblationRequest = Pick<QualityOptions, 'data' | 'only' | 'settings'>;

/** The figures with one member left out, or with all; `null` for a set in which it has no say. */
export interface AblationRow {
  readonly without: string | null;
  readonly report: SetsReport;
}

/** Measures with every member, then without each in turn, each time in a process of its own. */
export async function* ablate(
  { data, only, settings, members: keys }: QualityOptions,
  { signal, tell }: { signal: AbortSignal; tell: (sentence: string) => void },
): AsyncGenerator<AblationRow> {
  const chosen = members.filter(({ key }) => keys === null || keys.includes(key));
  for (const member of [null, ...chosen]) {
    const sets = only.filter((set) => member === null || hasSay(member, set, settings.signals));
    if (sets.length === 0) continue;
    tell(member === null ? 'all members …' : `without ${member.name} …`);
    const report = await measureInChild({ data, only: sets, settings }, member, signal);
    yield { without: member?.name ?? null, report };
  }
}

function hasSay({ units }: Member, set: SetName, signals: 'each' | 'together'): boolean {
  const one = set === 'nab' || signals === 'each';
  return units === 'all' || (units === 'one signal') === one;
}

function measureInChild(
  request: AblationRequest,
  member: Member | null,
  signal: AbortSignal,
): Promise<SetsReport> {
  const leaveOut = new URL('leave-out.ts', import.meta.url);
  if (member !== null) leaveOut.searchParams.set('member', member.key);
  const execArgv = member === null ? [] : ['--import', leaveOut.href];
  const script = fileURLToPath(new URL('measure-without.ts', import.meta.url));
  return new Promise((resolve, reject) => {
    const child = fork(script, [JSON.stringify(request)], { execArgv, signal, serialization: 'advanced' });
    let report: SetsReport | null = null;
    child.on('message', (message) => {
      report = message as SetsReport;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (report !== null && code === 0) resolve(report);
      else
        reject(
          new Error(`The measurement without ${member?.name ?? 'nothing'} ended with ${code ?? 'a signal'}.`),
        );
    });
  });
}
