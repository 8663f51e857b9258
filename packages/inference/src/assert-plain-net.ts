import { protobufFields } from './protobuf-fields.ts';

// Field numbers of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
const ofModel = { graph: 7, trainingInfo: 20, functions: 25 } as const;
const ofGraph = { node: 1, initializer: 5, sparseInitializer: 15 } as const;
const ofNode = { input: 1, output: 2, operator: 4, attribute: 5, domain: 7 } as const;
const ofTensor = { name: 8, externalData: 13, dataLocation: 14 } as const;

/** All that our nets are made of. */
const operators = new Set(['MatMul', 'Add', 'Tanh']);
/** Larger nets than any that is trained here by far. */
export const largestNetBytes = 64 * 1024 * 1024;

/**
 * Looks at a net before ONNX Runtime does, which would follow it further than anybody wants: read weights from files
 * beside the process, run loops and functions, or compute tables of any size while it opens. A net is taken that has its
 * weights inside, and is made of the few operators that the training writes, each of which has the window in its input.
 * @throws Error with one sentence
 */
export function assertPlainNet(onnx: Uint8Array): void {
  if (onnx.length > largestNetBytes)
    throw new Error(`it has ${onnx.length} bytes, more than ${largestNetBytes}`);
  for (const { id, value } of protobufFields(onnx)) {
    if (id === ofModel.functions) throw new Error('it has functions of its own');
    if (id === ofModel.trainingInfo) throw new Error('it has a training in it');
    if (id === ofModel.graph) assertPlainGraph(bytesOf(value));
  }
}

function assertPlainGraph(graph: Uint8Array): void {
  /** Values that are known before any window is. */
  const fixed = new Set<string>();
  const nodes: Uint8Array[] = [];
  for (const { id, value } of protobufFields(graph)) {
    if (id === ofGraph.sparseInitializer) throw new Error('it has sparse weights');
    if (id === ofGraph.initializer) fixed.add(nameOfTensor(bytesOf(value)));
    if (id === ofGraph.node) nodes.push(bytesOf(value));
  }
  for (const node of nodes) assertPlainNode(node, fixed);
}

function nameOfTensor(tensor: Uint8Array): string {
  let name = '';
  for (const { id, value } of protobufFields(tensor)) {
    if (id === ofTensor.externalData || (id === ofTensor.dataLocation && value !== 0))
      throw new Error('its weights lie in another file');
    if (id === ofTensor.name) name = textOf(value);
  }
  return name;
}

function assertPlainNode(node: Uint8Array, fixed: ReadonlySet<string>): void {
  const inputs: string[] = [];
  let operator = '';
  for (const { id, value } of protobufFields(node)) {
    if (id === ofNode.input) inputs.push(textOf(value));
    if (id === ofNode.operator) operator = textOf(value);
    if (id === ofNode.attribute) throw new Error('an operator has attributes');
    if (id === ofNode.domain && textOf(value) !== '') throw new Error('an operator is not of ONNX itself');
  }
  if (!operators.has(operator))
    throw new Error(
      `it uses ${JSON.stringify(operator.slice(0, 40))}, not only ${[...operators].join(', ')}`,
    );
  // So no fixed value ever comes of fixed ones: two long vectors would make a table of any size.
  if (inputs.every((input) => fixed.has(input))) throw new Error('an operator does not depend on the window');
}

function bytesOf(value: number | Uint8Array): Uint8Array {
  if (typeof value === 'number') throw new Error('a number stands where a message is to be');
  return value;
}

function textOf(value: number | Uint8Array): string {
  return Buffer.from(bytesOf(value)).toString('utf8');
}
