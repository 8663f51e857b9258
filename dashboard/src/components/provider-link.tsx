import { useLogInWays } from '../api/sign-in.ts';
import styles from './provider-link.module.css';

/** The way to the identity provider, above the password; nothing where there is none. `next` is the page to come to. */
export function ProviderLink({ next }: { next: string }) {
  const { data: ways } = useLogInWays();
  if (!ways?.provider) return null;
  return (
    <div>
      {/* A whole page goes there and comes back: no link of the router. */}
      <a className={styles.provider} href={`/auth/oidc/log-in?${new URLSearchParams({ next })}`}>
        Sign in with {ways.provider.label}
      </a>
      <p className={styles.or}>or with a password</p>
    </div>
  );
}
