import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { LoggedOut, LogInWays, TokenResponse } from '@verdict/contracts';
import { forgetPerson, inTurn } from './renew-session.ts';
import { useServices } from './services.ts';

/** Signs in with a name and a password; afterwards everything shown is read again with the new token. */
export function useSignIn() {
  const { client, session } = useServices();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (given: { username: string; password: string }) =>
      inTurn(async () => {
        // A token that is still here would be renewed first, in a turn that never comes.
        if (session.state().kind === 'active') session.endHere();
        const body = { ...given, session: 'cookie' };
        session.begin(await client.post('/auth/token', { answer: TokenResponse, body }), given.username);
      }),
    onSuccess: () => queries.invalidateQueries(),
  });
}

/** How people can sign in here; asked once. */
export function useLogInWays() {
  const { client } = useServices();
  return useQuery({
    queryKey: ['log-in-ways'],
    queryFn: ({ signal }) => client.get('/auth/ways', { answer: LogInWays, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Signs out: here and in the other tabs at once, and the gateway ends the log-in with its live connections. */
export function useSignOut(): () => void {
  const { client, session } = useServices();
  return () => {
    session.end();
    forgetPerson();
    inTurn(() => client.post('/auth/log-out', { answer: LoggedOut, body: {} })).catch((error: unknown) =>
      console.warn('verdict: the log-in could not be ended at the gateway; it ends within a day', error),
    );
  };
}
