import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { ProviderLink } from '../../components/provider-link.tsx';
import { SignInForm } from '../../components/sign-in-form.tsx';
import styles from './sign-in-page.module.css';

const route = getRouteApi('/ui/sign-in');

const notCompleted = 'The log-in was not completed. Try again.';

/** What is said when the identity provider sent somebody back without letting them in. */
const problems: Readonly<Record<string, string>> = {
  'no-role': 'You are known, but have no role here yet. Ask whoever administers Verdict.',
  expired: 'The log-in took too long, or began in another window. Try again.',
  cancelled: 'The log-in was cancelled. Try again, or sign in with a password.',
  unreachable:
    'The identity provider cannot be reached now. Try again in a moment, or sign in with a password.',
};

/** The way in. */
export default function SignInPage() {
  const { next, problem } = route.useSearch();
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
          <div className={styles.problem}>
            <ProblemNotice what={problems[problem] ?? notCompleted} error={undefined} />
          </div>
        )}
        <ProviderLink next={next} />
        <SignInForm onDone={() => router.history.push(next)} />
      </div>
    </main>
  );
}
