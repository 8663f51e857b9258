import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useIsAdmin, useSession } from '../api/services.ts';
import { Icon, type IconName } from '../components/icon.tsx';
import { useKeyAction } from '../components/use-key-action.ts';
import { KeyHelpDialog } from './key-help-dialog.tsx';
import { LiveIndicator, LostBanner } from './live-indicator.tsx';
import styles from './shell.module.css';
import { SignInDialog } from './sign-in-dialog.tsx';
import { UserMenu } from './user-menu.tsx';

const places: readonly {
  to: '/ui/inbox' | '/ui/series' | '/ui/models' | '/ui/rollout' | '/ui/coverage';
  text: string;
  icon: IconName;
}[] = [
  { to: '/ui/inbox', text: 'Inbox', icon: 'inbox' },
  { to: '/ui/series', text: 'Series', icon: 'series' },
  { to: '/ui/models', text: 'Models', icon: 'models' },
  { to: '/ui/rollout', text: 'Rollout', icon: 'rollout' },
  { to: '/ui/coverage', text: 'Coverage', icon: 'coverage' },
];

/** Pages that are reached by the menu of the account. */
const morePlaces = [{ to: '/ui/keys', text: 'API keys' }];

/** For admins alone: loaded when one is signed in. */
const FloodNotice = lazy(() => import('../features/floods/flood-notice.tsx'));

/** The frame around every page of somebody signed in. */
export function Shell() {
  const [helpOpen, setHelpOpen] = useState(false);
  const session = useSession();
  const admin = useIsAdmin();
  const navigate = useNavigate();
  const path = useRouterState({ select: (state) => state.location.pathname });
  useKeyAction({ help: () => setHelpOpen(true) });

  useEffect(() => {
    if (session.kind === 'none') void navigate({ to: '/ui/sign-in', search: { next: '/ui/inbox' } });
  }, [session.kind, navigate]);

  const here = [...places, ...morePlaces].find((place) => path.startsWith(place.to));
  useEffect(() => {
    document.title = here === undefined ? 'Verdict' : `${here.text} · Verdict`;
  }, [here]);

  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        Skip to the page
      </a>
      <div className={styles.banner}>
        <LostBanner />
        {admin && (
          <Suspense>
            <FloodNotice />
          </Suspense>
        )}
      </div>
      <nav className={styles.nav} aria-label="Main">
        <div className={styles.brand}>
          <img src="/verdict.svg" width="22" height="22" alt="" />
          Verdict
        </div>
        <div className={styles.links}>
          {places.map((place) => (
            <Link key={place.to} to={place.to} search={{}} className={styles.link}>
              <Icon name={place.icon} />
              {place.text}
            </Link>
          ))}
        </div>
        <div className={styles.foot}>
          <LiveIndicator />
          <UserMenu onHelp={() => setHelpOpen(true)} />
        </div>
      </nav>
      <main id="main" className={styles.main} tabIndex={-1}>
        <h1 className="visually-hidden">{here?.text ?? 'Verdict'}</h1>
        <Outlet />
      </main>
      <KeyHelpDialog open={helpOpen} onClose={() => setHelpOpen(false)} />
      <SignInDialog />
    </div>
  );
}
