/** Where a listing goes on, and the cursor of its first page. */
export interface PageToken {
  /** `s` = newest start first, `c` = oldest change first. */
  readonly order: 's' | 'c';
  /** Start in epoch ms, or transaction number, of the last item; decimal. */
  readonly key: string;
  /** Id of the last item. */
  readonly id: string;
  readonly cursor: string;
}

/** The token's text: opaque to clients. */
export function formatPageToken(token: PageToken): string {
  return Buffer.from([token.order, token.key, token.id, token.cursor].join(' ')).toString('base64url');
}

/** Throws `InvalidPageToken` for a text that is not a token. */
export function parsePageToken(text: string): PageToken {
  const match = /^([sc]) (-?\d{1,20}) ([0-9a-z]{1,64}) (\d{1,20})$/.exec(
    Buffer.from(text, 'base64url').toString('latin1'),
  );
  if (match === null) throw new InvalidPageToken('next is not from an earlier answer');
  const [, order, key = '', id = '', cursor = ''] = match;
  return { order: order === 's' ? 's' : 'c', key, id, cursor };
}

/** `next` of a query was not made by this service: the caller's mistake. */
export class InvalidPageToken extends Error {
  override readonly name = 'InvalidPageToken';
}
