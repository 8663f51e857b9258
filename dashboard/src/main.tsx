import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { io } from 'socket.io-client';
import { AnomalyFeed } from './api/anomaly-feed.ts';
import { createApiClient, mayPass } from './api/client.ts';
import { followModels } from './api/model-feed.ts';
import { ServicesContext } from './api/services.ts';
import { VerdictDesk } from './api/verdict-desk.ts';
import { createAppRouter } from './app/router.tsx';
import './components/base.css';
import { LiveConnection } from './lib/live-connection.ts';
import { PendingVerdicts } from './lib/pending-verdicts.ts';
import { ReadMarks } from './lib/read-marks.ts';
import { SessionStore } from './lib/session-store.ts';

const nowMs = () => Date.now();
const session = new SessionStore({ storage: sessionStorage, nowMs });
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
  auth: (give) => give({ token: session.token() ?? '' }),
  reconnectionDelayMax: 5_000,
});
const live = new LiveConnection({ socket, nowMs });
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
  const { kind } = session.state();
  if (kind === 'active') live.start();
  if (kind === 'none') {
    live.stop();
    queries.clear();
  }
};
session.subscribe(followSession);
followSession();

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
