import type { ReactNode } from 'react';
import { EmptyState } from './empty-state.tsx';
import { LoadingState } from './loading-state.tsx';
import { ProblemNotice } from './problem-notice.tsx';

/** What is asked of the query that reads a list. */
interface ListQuery {
  readonly isPending: boolean;
  readonly isError: boolean;
  readonly isSuccess: boolean;
  readonly data: unknown;
  readonly error: unknown;
  refetch(): unknown;
}

/**
 * What stands in the place of a list that shows nothing: that it is being read, that it could not be
 * read, or, in `children`, why it is empty. A list that failed to be read anew keeps what it showed.
 */
export function ListStates({
  query,
  name,
  empty,
  emptyTitle,
  children,
}: {
  query: ListQuery;
  /** What the list holds, as it is said in "The … could not be read". */
  name: string;
  empty: boolean;
  emptyTitle: string;
  children: ReactNode;
}) {
  if (query.isPending) return <LoadingState what={name} />;
  if (query.isError && query.data === undefined) {
    return (
      <ProblemNotice
        what={`The ${name} could not be read`}
        error={query.error}
        onRetry={() => void query.refetch()}
      />
    );
  }
  return query.isSuccess && empty ? <EmptyState title={emptyTitle}>{children}</EmptyState> : null;
}
