import { useRouterState } from '@tanstack/react-router';
import { useSession } from '../api/services.ts';
import { Modal } from '../components/modal.tsx';
import { ProviderLink } from '../components/provider-link.tsx';
import { SignInForm } from '../components/sign-in-form.tsx';

/** Asks to sign in again when the token ran out; the page behind keeps its state, or is come back to. */
export function SignInDialog() {
  const session = useSession();
  const here = useRouterState({ select: (state) => state.location.href });
  return (
    <Modal
      open={session.kind === 'expired'}
      title="Your session has ended"
      about="Sign in again to go on. Nothing on this page is lost."
    >
      <ProviderLink next={here} />
      <SignInForm username={session.kind === 'expired' ? session.person : ''} />
    </Modal>
  );
}
