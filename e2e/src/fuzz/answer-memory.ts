// Preloaded into the gateway under test (with --expose-gc): tells its parent how much memory is held, when asked.
process.on('message', (message: { type?: string }) => {
  if (message.type !== 'memory') return;
  globalThis.gc?.();
  const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
  process.send?.({ type: 'memory', rss, heapUsed, external, arrayBuffers });
});
