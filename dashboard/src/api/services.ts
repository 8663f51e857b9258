import { createContext, use, useSyncExternalStore } from 'react';
import { mayJudge } from '../lib/access-token.ts';
import type { LiveConnection, LiveStatus } from '../lib/live-connection.ts';
import type { PendingVerdict, PendingVerdicts } from '../lib/pending-verdicts.ts';
import type { ReadMarks } from '../lib/read-marks.ts';
import type { SessionState, SessionStore } from '../lib/session-store.ts';
import type { ApiClient } from './client.ts';
import type { VerdictDesk } from './verdict-desk.ts';

/** What lives as long as the page; built in main.tsx. */
export interface Services {
  readonly session: SessionStore;
  readonly client: ApiClient;
  readonly live: LiveConnection;
  readonly pending: PendingVerdicts;
  readonly verdicts: VerdictDesk;
  readonly readMarks: ReadMarks;
}

/** Hands the services to the components. */
export const ServicesContext = createContext<Services | null>(null);

/** The services of this page. */
export function useServices(): Services {
  const services = use(ServicesContext);
  if (services === null) throw new Error('no services above this component');
  return services;
}

/** Who is signed in, kept current. */
export function useSession(): SessionState {
  const { session } = useServices();
  return useSyncExternalStore(session.subscribe, session.state);
}

/** Name of whoever is signed in, or was until a moment ago. */
export function usePerson(): string {
  const state = useSession();
  if (state.kind === 'active') return state.session.person;
  return state.kind === 'expired' ? state.person : '';
}

/** True if whoever is signed in may answer on anomalies and report missed ones. */
export function useMayJudge(): boolean {
  const state = useSession();
  return state.kind === 'active' && mayJudge(state.session.roles);
}

/** True if whoever is signed in may ask for trainings, run rollouts, and take back what others reported. */
export function useIsAdmin(): boolean {
  const state = useSession();
  return state.kind === 'active' && state.session.roles.includes('admin');
}

/** How the page hears of news, kept current. */
export function useLiveStatus(): LiveStatus {
  const { live } = useServices();
  return useSyncExternalStore(live.subscribe, live.status);
}

/** The answer on its way to an anomaly, kept current. */
export function usePendingVerdict(anomalyId: string): PendingVerdict | undefined {
  const { pending } = useServices();
  return useSyncExternalStore(pending.subscribe, () => pending.of(anomalyId));
}

/** The read marks; renders again when they change. */
export function useReadMarks(): ReadMarks {
  const { readMarks } = useServices();
  useSyncExternalStore(readMarks.subscribe, readMarks.version);
  return readMarks;
}
