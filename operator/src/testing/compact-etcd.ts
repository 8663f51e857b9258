/** Makes etcd forget all versions before the present one, through its JSON gateway. */
export async function compactEtcd(etcdUrl: string): Promise<void> {
  // A range over a key that nobody has: its header says how far the store is.
  const { header } = await post(`${etcdUrl}/v3/kv/range`, { key: Buffer.from('none').toString('base64') });
  if (header === undefined) throw new Error('etcd did not say its revision');
  await post(`${etcdUrl}/v3/kv/compaction`, { revision: header.revision });
}

async function post(url: string, body: unknown): Promise<{ header?: { revision: string } }> {
  const signal = AbortSignal.timeout(10_000);
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body), signal });
  if (!answer.ok) throw new Error(`etcd answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as { header?: { revision: string } };
}
