import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { usePerson, useServices } from '../../api/services.ts';
import { useWorthQueue } from '../../api/worth-asking.ts';
import { LoadingState } from '../../components/loading-state.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { useKeyAction } from '../../components/use-key-action.ts';
import { nextQuestion } from '../../lib/worth-text.ts';
import { ChosenAnomaly } from './chosen-anomaly.tsx';
import { EmptyQueue } from './empty-queue.tsx';
import styles from './inbox.module.css';
import { InboxFrame } from './inbox-frame.tsx';
import { LastAnswer } from './last-answer.tsx';
import { useChoice } from './use-choice.ts';
import { WorthList } from './worth-list.tsx';

const route = getRouteApi('/signed-in/ui/inbox');

/** The few anomalies whose answer would tell most, with the reasons; an answer moves on to the next one. */
export function WorthView() {
  const signal = route.useSearch({ select: (search) => search.signal });
  const { pending, verdicts } = useServices();
  const person = usePerson();
  const { queue, questions, isPending } = useWorthQueue();
  const ids = questions.map((question) => question.anomaly.id);
  const { chosenId, choose } = useChoice(ids);
  const [last, setLast] = useState<{ id: string; series: string } | null>(null);
  const question = questions.find((item) => item.anomaly.id === chosenId);

  const isAnswered = (id: string) => {
    const waiting = pending.of(id);
    if (waiting !== undefined) return waiting.phase !== 'failed';
    const given = questions.find((item) => item.anomaly.id === id)?.anomaly.verdicts ?? [];
    return given.some((one) => one.person === person);
  };
  const moveOn = (answered: { id: string; series: string }) => {
    setLast(answered);
    choose(nextQuestion(ids, answered.id, isAnswered) ?? undefined);
  };
  const undoLast = () => {
    if (last === null) return;
    void verdicts.send({ anomalyId: last.id, verdict: 'withdrawn' });
    choose(last.id);
    setLast(null);
  };
  // The panel of the chosen one takes this key while there is an answer on it.
  useKeyAction({ undo: last === null ? undefined : undoLast });

  return (
    <InboxFrame
      chosenId={chosenId}
      list={
        <>
          <div className={styles.queue}>
            {isPending && queue.isPending && <LoadingState what="what is worth your verdict" />}
            {queue.isError && queue.data === undefined && (
              <ProblemNotice
                what="The queue could not be read"
                error={queue.error}
                onRetry={() => void queue.refetch()}
              />
            )}
            {queue.data?.length === 0 && <EmptyQueue person={person} />}
            {questions.length > 0 && <WorthList questions={questions} chosenId={chosenId} />}
          </div>
          {last !== null && <LastAnswer last={last} onUndo={undoLast} />}
        </>
      }
      detail={
        chosenId === undefined ? (
          !isPending && !queue.isError && <Prompt questions={questions.length} answered={last !== null} />
        ) : (
          <ChosenAnomaly
            key={chosenId}
            id={chosenId}
            signal={signal}
            listed={question?.anomaly}
            waiting={isPending}
            why={question !== undefined && <Why reasons={question.reasons} />}
            onAnswered={moveOn}
          />
        )
      }
    />
  );
}

function Why({ reasons }: { reasons: readonly string[] }) {
  if (reasons.length === 0) return null;
  return (
    <p className={styles.why}>
      <strong>Why this one:</strong> {reasons.join('; ')}.
    </p>
  );
}

function Prompt({ questions, answered }: { questions: number; answered: boolean }) {
  if (questions === 0) return <Done answered={answered} />;
  return (
    <div className={styles.prompt}>
      <strong>
        {questions === 1 ? 'One answer would tell much' : `${questions} answers would tell much`}
      </strong>
      <span>
        These are the anomalies from which the model can learn most. An answer moves on to the next.
      </span>
      <span>
        <kbd>j</kbd> begins, <kbd>t</kbd> says true, <kbd>f</kbd> false alarm, <kbd>u</kbd> takes the last
        answer back
      </span>
    </div>
  );
}

function Done({ answered }: { answered: boolean }) {
  return (
    <div className={styles.prompt}>
      {answered && <strong>That was the last one</strong>}
      <span>
        {answered && 'Thank you. '}New questions come as new anomalies do; <kbd>w</kbd> shows all anomalies.
      </span>
    </div>
  );
}
