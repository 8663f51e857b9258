/** Matches where a list and its detail take turns, and tables become cards; the style sheets name the same width. */
export const narrowScreen = '(max-width: 760px)';
