import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { SignInForm } from '../../components/sign-in-form.tsx';
import styles from './sign-in-page.module.css';

const route = getRouteApi('/ui/sign-in');

/** The way in. */
export default function SignInPage() {
  const { next } = route.useSearch();
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
        <SignInForm onDone={() => router.history.push(next)} />
      </div>
    </main>
  );
}
