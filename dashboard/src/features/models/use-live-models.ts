import { useQuery } from '@tanstack/react-query';
import type { ModelView } from '@verdict/contracts';
import { modelsOptions } from '../../api/models.ts';
import { useServices } from '../../api/services.ts';

const busyMs = 3_000;
const calmMs = 30_000;

function isBusy({ asked, trainings }: ModelView): boolean {
  return asked !== null || trainings.some(({ state }) => state === 'running');
}

/** The models; read every 3 s while a training runs or is asked for. */
export function useLiveModels() {
  const { client } = useServices();
  return useQuery({
    ...modelsOptions(client),
    refetchInterval: (query) => (query.state.data?.some(isBusy) === true ? busyMs : calmMs),
  });
}
