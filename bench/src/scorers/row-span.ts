/** Rows of a series, first and last, both in it. */
export type RowSpan = readonly [first: number, last: number];
