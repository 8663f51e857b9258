import { useMutation, useQueryClient } from '@tanstack/react-query';
import { TokenResponse } from '@verdict/contracts';
import { useServices } from './services.ts';

/** Signs in with a name and a password; afterwards everything shown is read again with the new token. */
export function useSignIn() {
  const { client, session } = useServices();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (given: { username: string; password: string }) => {
      session.begin(await client.post('/auth/token', { answer: TokenResponse, body: given }), given.username);
    },
    onSuccess: () => queries.invalidateQueries(),
  });
}
