const hidden = '(hidden)';

/** How secrets stand in texts of errors: connection strings, headers, addresses, tokens, keys. */
const patterns: readonly [RegExp, string][] = [
  // Longer than any word of a sentence.
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{16,}/gi, `$1 ${hidden}`],
  // The log-in of an address: postgres://user:password@host
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/:@"']*:[^\s@"']*@/gi, `$1${hidden}@`],
  // Parts of connection strings and queries.
  [
    /\b(SharedAccessKey|AccountKey|SharedAccessSignature|pass(?:word|wd)?|pwd|(?:client_?)?secret|(?:access_?|refresh_?|id_?)?token|api[-_]?key|sig(?:nature)?)=[^\s;,&"'<>)\\]+/gi,
    `$1=${hidden}`,
  ],
  // JSON, also as a string within JSON.
  [
    /(\\?")(password|secret|[a-z_]*token|api_?key|authorization)\\?"\s*:\s*\\?"[^"\\]*\\?"/gi,
    `$1$2$1:$1${hidden}$1`,
  ],
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, hidden],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^"]*?(?:-----END [A-Z ]*PRIVATE KEY-----|(?=")|$)/g, hidden],
];

/**
 * A text that others wrote (the message of an error, the last words of a pod), for places where people without rights to
 * secrets read it: what looks like one is left out. JSON
 * stays JSON. It is the second line: the first is not to write them down.
 */
export function withoutSecrets(text: string): string {
  return patterns.reduce((cleaned, [pattern, put]) => cleaned.replace(pattern, put), text);
}
