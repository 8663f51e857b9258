import { getRouteApi } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useModels } from '../../api/models.ts';
import { IconButton } from '../../components/button.tsx';
import { ChoiceField } from '../../components/choice-field.tsx';
import { SearchField } from '../../components/search-field.tsx';
import type { InboxFilters } from '../../lib/inbox-filters.ts';
import styles from './inbox.module.css';

const route = getRouteApi('/signed-in/ui/inbox');

/** What the list is narrowed to; every change goes into the URL. */
export function FilterBar() {
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const models = useModels();
  const change = useCallback(
    (next: Partial<InboxFilters>) =>
      void navigate({ to: '/ui/inbox', search: (known) => ({ ...known, ...next }), replace: true }),
    [navigate],
  );
  const search = useCallback((q: string) => change({ q: q === '' ? undefined : q }), [change]);
  return (
    <>
      <SearchField
        label="Search series and signals"
        placeholder="Search series and signals"
        value={filters.q ?? ''}
        onSearch={search}
      />
      <fieldset className={styles.filters} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
        <legend className="visually-hidden">Filters</legend>
        <ChoiceField
          label="Verdict"
          any="Any verdict"
          value={filters.verdict}
          choices={[
            { value: 'none', text: 'Needs a verdict' },
            { value: 'any', text: 'Has a verdict' },
            { value: 'true', text: 'True anomalies' },
            { value: 'false', text: 'False alarms' },
          ]}
          onChoose={(verdict) => change({ verdict })}
        />
        <ChoiceField
          label="State"
          any="Any state"
          value={filters.state}
          choices={[
            { value: 'open', text: 'Open' },
            { value: 'closed', text: 'Closed' },
          ]}
          onChoose={(state) => change({ state })}
        />
        <ChoiceField
          label="Severity"
          any="Any severity"
          value={filters.severity}
          choices={[
            { value: 'major', text: 'Major and up' },
            { value: 'critical', text: 'Critical' },
          ]}
          onChoose={(severity) => change({ severity })}
        />
        {/* Its place is kept while the models are read: the list below must not move once it has been scrolled. */}
        {(models.data === undefined || models.data.length > 1) && (
          <ChoiceField
            label="Model"
            any="Any model"
            value={filters.model}
            choices={models.data?.map((model) => ({ value: model.name, text: model.name })) ?? []}
            onChoose={(model) => change({ model })}
          />
        )}
        {filters.series !== undefined && (
          <span className={styles.chip}>
            {filters.series}
            <IconButton
              icon="close"
              label={`Show all series, not only ${filters.series}`}
              onClick={() => change({ series: undefined })}
            />
          </span>
        )}
      </fieldset>
    </>
  );
}
