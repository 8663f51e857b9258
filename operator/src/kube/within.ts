/**
 * Runs something that obeys a signal, with a time limit and the caller's own signal. Rejects with `late()` when the
 * time is over, with the caller's reason when that came first. Unlike `AbortSignal.any` it leaves nothing behind on
 * signals that live as long as the process.
 */
export async function within<T>(
  limit: { readonly ms: number; readonly signal?: AbortSignal; readonly late: () => Error },
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const { ms, signal } = limit;
  signal?.throwIfAborted();
  const giveUp = (): void => controller.abort(signal?.reason);
  signal?.addEventListener('abort', giveUp, { once: true });
  const timer = setTimeout(() => controller.abort(limit.late()), ms);
  try {
    return await run(controller.signal);
  } catch (error) {
    if (controller.signal.aborted) throw controller.signal.reason;
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', giveUp);
  }
}
