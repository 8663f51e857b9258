import { useState } from 'react';
import { ApiError } from '../api/client.ts';
import { useSignIn } from '../api/sign-in.ts';
import { Button } from './button.tsx';
import { ProblemNotice } from './problem-notice.tsx';
import styles from './sign-in-form.module.css';
import { TextField } from './text-field.tsx';

/** Name and password; `onDone` runs after they were right. */
export function SignInForm({ username = '', onDone }: { username?: string; onDone?: () => void }) {
  const signIn = useSignIn();
  const [missing, setMissing] = useState(false);
  const wrong = signIn.error instanceof ApiError && signIn.error.problem.status === 401;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        const given = {
          username: String(form.get('username') ?? ''),
          password: String(form.get('password') ?? ''),
        };
        const incomplete = given.username === '' || given.password === '';
        setMissing(incomplete);
        if (!incomplete) signIn.mutate(given, { onSuccess: onDone });
      }}
    >
      <TextField
        label="User name"
        name="username"
        autoComplete="username"
        defaultValue={username}
        autoFocus={username === ''}
      />
      <TextField
        label="Password"
        name="password"
        type="password"
        autoComplete="current-password"
        autoFocus={username !== ''}
      />
      {missing && <p role="alert">Give both a user name and a password.</p>}
      {signIn.isError && (
        <ProblemNotice
          what={wrong ? 'User name or password is wrong' : 'Could not sign in'}
          error={wrong ? undefined : signIn.error}
        />
      )}
      <Button kind="primary" type="submit" disabled={signIn.isPending}>
        {signIn.isPending ? 'Signing in…' : 'Sign in'}
      </Button>
    </form>
  );
}
