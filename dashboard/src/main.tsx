import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { io } from 'socket.io-client';
import { AnomalyFeed } from './api/anomaly-feed.ts';
import { createApiClient, mayPass } from './api/client.ts';
import { followModels } from './api/model-feed.ts';
import { personHere, renewSession } from './api/renew-session.ts';
import { ServicesContext } from './api/services.ts';
import { VerdictDesk } from './api/verdict-desk.ts';
import { createAppRouter } from './app/router.tsx';
import './components/base.css';
import { LiveConnection } from './lib/live-connection.ts';
import { PendingVerdicts } from './lib/pending-verdicts.ts';
import { ReadMarks } from './lib/read-marks.ts';
import { SessionStore } from './lib/session-store.ts';

const nowMs = () => Date.now();
/** Tells the tabs of this browser that somebody signed out. */
const tabs = new BroadcastChannel('verdict-session');
const session = new SessionStore({
  nowMs,
  renew: renewSession,
  tellTabs: () => tabs.postMessage('signed out'),
});
tabs.onmessage = () => session.endHere();
const client = createApiClient({ session, fetch: (input, init) => fetch(input, init) });
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < 2 && mayPass(error),
    },
  },
});
const socket = io({
  autoConnect: false,
  auth: (give) => void session.fresh().then((token) => give({ token: token ?? '' })),
  reconnectionDelayMax: 5_000,
  // The other way round, a load balancer would have to send all requests of a tab to the same gateway.
  transports: ['websocket', 'polling'],
  tryAllTransports: true,
});
const live = new LiveConnection({
  socket,
  nowMs,
  onRefused: () => {
    const token = session.token();
    if (token !== null) void session.refused(token);
  },
});
const pending = new PendingVerdicts();
const feed = new AnomalyFeed({ client, queries, live, pending, session });
const services = {
  session,
  client,
  live,
  pending,
  verdicts: new VerdictDesk({ client, pending, feed }),
  readMarks: new ReadMarks(localStorage),
};

feed.start();
followModels({ queries, live });
const followSession = () => {
  const state = session.state();
  if (state.kind === 'active') {
    live.start();
    live.renew(state.session.token);
  }
  if (state.kind === 'none') {
    live.stop();
    queries.clear();
  }
};
session.subscribe(followSession);
followSession();
const person = personHere();
if (person !== null) await session.resume(person);

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <ServicesContext value={services}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={createAppRouter(session)} />
      </QueryClientProvider>
    </ServicesContext>
  </StrictMode>,
);
