import { Counter, type Registry } from '@verdict/process';

/** Counts the answers of the API server. */
export interface RequestMetrics {
  /** `status` 0: there was no answer. */
  answered(method: string, status: number): void;
}

/** `rest_client_requests_total`, named as client-go's. */
export function createRequestMetrics(registry: Registry): RequestMetrics {
  const requests = new Counter({
    name: 'rest_client_requests_total',
    help: 'Requests to the API server by method and status code (<error>: no answer).',
    labelNames: ['method', 'code'],
    registers: [registry],
  });
  return {
    answered: (method, status) => requests.inc({ method, code: status === 0 ? '<error>' : String(status) }),
  };
}
