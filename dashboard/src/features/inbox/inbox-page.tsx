import { getRouteApi } from '@tanstack/react-router';
import { AllView } from './all-view.tsx';
import { WorthView } from './worth-view.tsx';

const route = getRouteApi('/signed-in/ui/inbox');

/** The triage inbox: every anomaly, or the few whose answer would tell most. */
export default function InboxPage() {
  const view = route.useSearch({ select: (search) => search.view });
  return view === 'worth' ? <WorthView /> : <AllView />;
}
