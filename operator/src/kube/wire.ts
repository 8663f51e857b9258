/**
 * A type of `@kubernetes/client-node` as it looks on the wire. Its generated classes turn times into `Date`;
 * we read and write the JSON itself, where times are RFC 3339 strings.
 */
export type Wire<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? Wire<Item>[]
    : T extends object
      ? { [Key in keyof T]: Wire<T[Key]> }
      : T;

/** All of a type optional, at every depth; lists are taken whole. What a server-side apply may say of an object. */
export type DeepPartial<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [Key in keyof T]?: DeepPartial<T[Key]> }
    : T;
