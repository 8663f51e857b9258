import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useLogInWays } from '../../api/sign-in.ts';
import { SignInForm } from '../../components/sign-in-form.tsx';
import styles from './sign-in-page.module.css';

const route = getRouteApi('/ui/sign-in');

/** What is said when the identity provider sent somebody back without letting them in. */
const problems: Readonly<Record<string, string>> = {
  'no-role': 'You are known, but have no role here yet. Ask whoever administers Verdict.',
  expired: 'The log-in took too long, or began in another window. Try again.',
  refused: 'The log-in was not completed. Try again.',
};

/** The way in. */
export default function SignInPage() {
  const { next, problem } = route.useSearch();
  const { data: ways } = useLogInWays();
  const router = useRouter();
  useEffect(() => {
    document.title = 'Sign in · Verdict';
  }, []);
  return (
    <main className={styles.page}>
      <div className={styles.box}>
        <h1 className={styles.head}>
          <img src="/verdict.svg" width="28" height="28" alt="" />
          Sign in to Verdict
        </h1>
        <p className={styles.about}>Anomalies as they happen, and models that learn from your answers.</p>
        {problem !== undefined && (
          <p role="alert" className={styles.problem}>
            {problems[problem] ?? problems.refused}
          </p>
        )}
        {ways?.provider && (
          // A whole page goes there and comes back: no link of the router.
          <a className={styles.provider} href={`/auth/oidc/log-in?${new URLSearchParams({ next })}`}>
            Sign in with {ways.provider.label}
          </a>
        )}
        <SignInForm onDone={() => router.history.push(next)} />
      </div>
    </main>
  );
}
