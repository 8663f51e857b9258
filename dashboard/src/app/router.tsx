import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { readModelSearch, readRolloutSearch } from '../lib/model-search.ts';
import type { SessionStore } from '../lib/session-store.ts';
import {
  formatQuery,
  parseQuery,
  readCoverageSearch,
  readInboxSearch,
  readSeriesSearch,
  safeReturnPath,
} from '../lib/url-state.ts';
import { PageCrash, PageMissing } from './page-states.tsx';
import { Shell } from './shell.tsx';

/**
 * The pages live under /ui, since the gateway answers with data at /series, /models and /coverage: a reload of a
 * page must never meet an answer meant for programs.
 */
export function createAppRouter(session: SessionStore) {
  const root = createRootRoute({ component: Outlet, notFoundComponent: PageMissing });

  const home = createRoute({
    getParentRoute: () => root,
    path: '/',
    beforeLoad: () => {
      throw redirect({ to: '/ui/inbox', search: {} });
    },
  });
  const ui = createRoute({
    getParentRoute: () => root,
    path: '/ui',
    beforeLoad: ({ location }) => {
      if (location.pathname === '/ui' || location.pathname === '/ui/')
        throw redirect({ to: '/ui/inbox', search: {} });
    },
  });
  const signIn = createRoute({
    getParentRoute: () => root,
    path: '/ui/sign-in',
    validateSearch: (raw) => ({
      next: safeReturnPath(raw.next),
      ...(typeof raw.problem === 'string' ? { problem: raw.problem } : {}),
    }),
    component: lazyRouteComponent(() => import('../features/sign-in/sign-in-page.tsx')),
  });

  const signedIn = createRoute({
    getParentRoute: () => root,
    id: 'signed-in',
    component: Shell,
    beforeLoad: ({ location }) => {
      if (session.state().kind === 'none')
        throw redirect({ to: '/ui/sign-in', search: { next: location.href } });
    },
  });
  const inbox = createRoute({
    getParentRoute: () => signedIn,
    path: '/ui/inbox',
    validateSearch: readInboxSearch,
    component: lazyRouteComponent(() => import('../features/inbox/inbox-page.tsx')),
  });
  const series = createRoute({
    getParentRoute: () => signedIn,
    path: '/ui/series',
    validateSearch: readSeriesSearch,
    component: lazyRouteComponent(() => import('../features/series/series-page.tsx')),
  });
  const oneSeries = createRoute({
    getParentRoute: () => series,
    path: '$',
    component: lazyRouteComponent(() => import('../features/series/one-series.tsx')),
  });
  const models = createRoute({
    getParentRoute: () => signedIn,
    path: '/ui/models',
    component: lazyRouteComponent(() => import('../features/models/models-page.tsx')),
  });
  const oneModel = createRoute({
    getParentRoute: () => models,
    path: '$name',
    validateSearch: readModelSearch,
    component: lazyRouteComponent(() => import('../features/models/one-model.tsx')),
  });
  const rollout = createRoute({
    getParentRoute: () => signedIn,
    path: '/ui/rollout',
    component: lazyRouteComponent(() => import('../features/rollout/rollout-page.tsx')),
  });
  const oneRollout = createRoute({
    getParentRoute: () => rollout,
    path: '$pool',
    validateSearch: readRolloutSearch,
    component: lazyRouteComponent(() => import('../features/rollout/one-rollout.tsx')),
  });
  const coverage = createRoute({
    getParentRoute: () => signedIn,
    path: '/ui/coverage',
    validateSearch: readCoverageSearch,
    component: lazyRouteComponent(() => import('../features/coverage/coverage-page.tsx')),
  });
  const keys = createRoute({
    getParentRoute: () => signedIn,
    path: '/ui/keys',
    component: lazyRouteComponent(() => import('../features/keys/keys-page.tsx')),
  });

  return createRouter({
    routeTree: root.addChildren([
      home,
      ui,
      signIn,
      signedIn.addChildren([
        inbox,
        series.addChildren([oneSeries]),
        models.addChildren([oneModel]),
        rollout.addChildren([oneRollout]),
        coverage,
        keys,
      ]),
    ]),
    parseSearch: parseQuery,
    stringifySearch: formatQuery,
    defaultPreload: 'intent',
    defaultErrorComponent: PageCrash,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
