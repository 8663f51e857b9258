import { Link } from '@tanstack/react-router';
import type { CoveragePage } from '@verdict/contracts';
import { useCoverage } from '../../api/coverage.ts';
import { useModels } from '../../api/models.ts';
import { CommandBlock } from '../../components/command-block.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { LoadingState } from '../../components/loading-state.tsx';
import { formatNumber } from '../../lib/quantity.ts';
import styles from './first-start.module.css';

function sendCommand(origin: string): string {
  return [
    `TOKEN=$(curl -s ${origin}/auth/token -H 'Content-Type: application/json' \\`,
    `  -d '{"username":"YOU","password":"YOUR PASSWORD"}' | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`,
    `curl ${origin}/data -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\`,
    `  -d '{"readings":[{"series":"shop/cart","time":"'$(date -u +%Y-%m-%dT%H:%M:%SZ)'",`,
    `       "values":{"latency_seconds":0.21,"errors":3}}]}'`,
  ].join('\n');
}

function stageOf(counts: CoveragePage['counts'] | undefined): 'waiting' | 'warming' | 'watching' {
  if ((counts?.scored ?? 0) > 0) return 'watching';
  return Object.values(counts ?? {}).some((count) => count > 0) ? 'warming' : 'waiting';
}

/** The inbox before the first anomaly: what is happening, what comes next, and how to send one's own data. */
export function FirstStart() {
  const coverage = useCoverage({});
  const models = useModels();
  if (coverage.isPending) return <LoadingState what="what is happening" />;
  const counts = coverage.data?.pages[0]?.counts;
  const stage = stageOf(counts);
  const scored = counts?.scored ?? 0;
  const learning = models.data?.filter((model) => model.champion === 0) ?? [];
  const titles = {
    waiting: 'Waiting for the first readings',
    warming: 'Getting to know your series',
    watching: `Watching ${scored} series, nothing odd so far`,
  };
  return (
    <div className={styles.page}>
      <EmptyState title={titles[stage]}>
        <p>
          {stage === 'waiting' &&
            'Nothing has been sent yet. Send some readings, and this page goes on by itself.'}
          {stage === 'warming' &&
            `${counts?.warming ?? 0} series are warming up: a few dozen readings tell what is normal for each.`}
          {stage === 'watching' && 'Anomalies appear here the moment they begin, newest first.'}
        </p>
        <ol className={styles.steps}>
          <Step done={stage !== 'waiting'} current={stage === 'waiting'} title="Readings arrive">
            A series is one thing you measure, such as <code>shop/cart</code>; it may have many signals.
          </Step>
          <Step done={stage === 'watching'} current={stage === 'warming'} title="Each series warms up">
            <Link to="/ui/coverage">Coverage</Link> says for every series how far it is.
          </Step>
          <Step
            done={stage === 'watching' && learning.length === 0}
            current={stage === 'watching'}
            title="Scoring begins"
          >
            At first by the built-in rules, marked as provisional.
            {learning.map((model) => (
              <span key={model.name}>
                {' '}
                <Link to="/ui/models/$name" params={{ name: model.name }}>
                  {model.name}
                </Link>{' '}
                has {formatNumber(model.readings)} of the {formatNumber(model.spec.training.minimumReadings)}{' '}
                readings it needs to be trained.
              </span>
            ))}
          </Step>
          <Step done={false} current={false} title="You answer, the model learns">
            Say true or false to what appears here; when the answers show a model is off, it is trained anew.
          </Step>
        </ol>
        <h3>Send your own data</h3>
        <CommandBlock label="Signs in and sends one reading" command={sendCommand(window.location.origin)} />
        <p>
          Up to 10,000 readings fit into one request; repeating one is harmless. Everything else is in the{' '}
          <a href="/docs">API documentation</a>.
        </p>
      </EmptyState>
    </div>
  );
}

function Step(props: { done: boolean; current: boolean; title: string; children: React.ReactNode }) {
  return (
    <li className={styles.step} data-done={props.done} aria-current={props.current ? 'step' : undefined}>
      <strong>
        {props.title}
        <span className="visually-hidden">{props.done ? ' (done)' : ''}</span>
      </strong>
      <span>{props.children}</span>
    </li>
  );
}
