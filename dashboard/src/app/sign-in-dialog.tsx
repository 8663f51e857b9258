import { useSession } from '../api/services.ts';
import { Modal } from '../components/modal.tsx';
import { SignInForm } from '../components/sign-in-form.tsx';

/** Asks to sign in again when the token ran out; the page behind keeps its state. */
export function SignInDialog() {
  const session = useSession();
  return (
    <Modal
      open={session.kind === 'expired'}
      title="Your session has ended"
      about="Sign in again to go on. Nothing on this page is lost."
    >
      <SignInForm username={session.kind === 'expired' ? session.person : ''} />
    </Modal>
  );
}
