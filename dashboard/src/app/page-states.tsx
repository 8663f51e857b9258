import { type ErrorComponentProps, Link } from '@tanstack/react-router';
import { EmptyState } from '../components/empty-state.tsx';
import { ProblemNotice } from '../components/problem-notice.tsx';

/** No page has this address. */
export function PageMissing() {
  return (
    <main>
      <EmptyState title="There is no such page">
        <p>
          The address may be from another version. <Link to="/ui/inbox">Go to the inbox</Link>
        </p>
      </EmptyState>
    </main>
  );
}

/** A page failed while drawing, or could not be fetched. */
export function PageCrash({ error, reset }: ErrorComponentProps) {
  return (
    <div style={{ padding: 'var(--space-5)' }}>
      <ProblemNotice what="This page could not be shown" error={error} onRetry={reset} />
    </div>
  );
}
