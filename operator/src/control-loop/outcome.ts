/** What a look at one object came to. A reconcile that throws is tried again after a growing wait. */
export type Outcome =
  /** All is as wanted until something changes. */
  | { readonly kind: 'settled' }
  /** Time alone may change what is wanted: look again then. */
  | { readonly kind: 'again'; readonly afterMs: number }
  /** Nothing can be done before somebody changes something; the reason is a condition's reason, such as `ModelTaken`. */
  | { readonly kind: 'stalled'; readonly reason: string; readonly message: string };
