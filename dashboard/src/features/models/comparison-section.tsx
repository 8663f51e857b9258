import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Comparison, ModelView } from '@verdict/contracts';
import { useComparison } from '../../api/trust.ts';
import { ChartsMessage, ChartsPlace } from '../../components/charts/lazy-charts.tsx';
import { ChoiceField } from '../../components/choice-field.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { versionName } from '../../lib/version-text.ts';
import styles from './comparison.module.css';
import { comparisonText } from './comparison-rows.ts';
import { JudgedTable } from './judged-table.tsx';
import { ComparisonChart } from './lazy-charts.tsx';

const chartHeight = 260;

/** A version and the champion that it was judged against, on the same series. */
export function ComparisonSection({ model }: { model: ModelView }) {
  const navigate = useNavigate();
  const search = useSearch({ strict: false });
  const versions = model.versions
    .filter(({ version }) => version > 0)
    .map(({ version }) => version)
    .sort((a, b) => b - a);
  const version = versions.find((one) => one === search.compare) ?? versions[0];
  if (version === undefined) return null;
  return (
    <section className={styles.section} id="comparison" aria-label="Comparison">
      <div className={styles.head}>
        <h3>Candidate against champion, on the same series</h3>
        <ChoiceField
          label="Version to compare"
          any="Newest version"
          value={search.compare === undefined ? undefined : `${version}`}
          choices={versions.map((one) => ({ value: `${one}`, text: versionName(one) }))}
          onChoose={(value) =>
            void navigate({
              to: '/ui/models/$name',
              params: { name: model.name },
              search: (before) => ({ ...before, compare: value === undefined ? undefined : Number(value) }),
              replace: true,
              resetScroll: false,
            })
          }
        />
      </div>
      <OneComparison key={version} model={model} version={version} />
    </section>
  );
}

function OneComparison({ model, version }: { model: ModelView; version: number }) {
  const query = useComparison(model, version);
  if (query.isError && query.data === undefined)
    return (
      <ProblemNotice
        what="The comparison could not be read"
        error={query.error}
        onRetry={() => void query.refetch()}
      />
    );
  if (query.isPending) return <ChartsMessage height={chartHeight} text="Reading the comparison…" />;
  if (query.data == null || query.data.series.length === 0)
    return (
      <p className={styles.muted}>
        No comparison of {versionName(version)} is kept: one is made when a version is judged.
      </p>
    );
  return <Series comparison={query.data} />;
}

function Series({ comparison }: { comparison: Comparison }) {
  const { candidate, champion } = comparison;
  return (
    <>
      <p className={styles.muted}>
        {versionName(candidate)} (candidate) and {versionName(champion)} (champion then) over the same
        readings, as they were when it was judged.
      </p>
      <ul className={styles.all} aria-label="Compared series">
        {comparison.series.map((compared) => (
          <li key={`${compared.series} ${compared.signal}`} className={styles.one}>
            <ChartsPlace height={chartHeight}>
              <ComparisonChart compared={compared} champion={champion} candidate={candidate} />
            </ChartsPlace>
            <p className={styles.sentence}>{comparisonText(compared)}</p>
            <JudgedTable compared={compared} champion={champion} candidate={candidate} />
          </li>
        ))}
      </ul>
    </>
  );
}
