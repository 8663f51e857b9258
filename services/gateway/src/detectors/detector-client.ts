import { type TailsRequest, TailsResponse, type UpdateRequest } from '@verdict/contracts';

/** Asks detectors; their addresses come from the lease rows. */
export interface DetectorClient {
  /** The newest readings of some series from a detector's memory. Rejects when it does not answer in time. */
  tails(address: string, request: TailsRequest): Promise<TailsResponse>;
  /** Makes a detector read its plan now. Rejects when it does not answer in time, or refuses. */
  update(address: string, request: UpdateRequest): Promise<void>;
}

/** A detector could not be asked. */
export class DetectorUnreachable extends Error {
  override readonly name = 'DetectorUnreachable';
}

const tailsWithinMs = 1000;
/** A detector answers when it has loaded the version, or after 3 s. */
const updateWithinMs = 4000;

/** Makes the client; `ownToken` gives a token of role service. */
export function detectorClient(ownToken: () => Promise<string>): DetectorClient {
  const post = async (url: string, body: unknown, withinMs: number): Promise<Response> => {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { authorization: `Bearer ${await ownToken()}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.timeout(withinMs),
      });
      if (response.ok) return response;
      await response.body?.cancel();
      throw new DetectorUnreachable(`${url} answered ${response.status}`);
    } catch (error) {
      if (error instanceof DetectorUnreachable) throw error;
      throw new DetectorUnreachable(`${url} cannot be asked`, { cause: error });
    }
  };
  return {
    async tails(address, request) {
      const response = await post(`${address}/tails`, request, tailsWithinMs);
      try {
        return TailsResponse.parse(await response.json());
      } catch (error) {
        throw new DetectorUnreachable(`${address}/tails gave no usable answer`, { cause: error });
      }
    },
    async update(address, request) {
      const response = await post(`${address}/update`, request, updateWithinMs);
      await response.body?.cancel();
    },
  };
}
