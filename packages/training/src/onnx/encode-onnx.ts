import { floatType, ModelProto } from './onnx-schema.ts';

/** A constant of a graph, row-major. */
export interface OnnxConstant {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export interface OnnxNode {
  readonly operator: 'MatMul' | 'Add' | 'Tanh';
  readonly inputs: readonly string[];
  readonly output: string;
}

/** A graph with one input and one output of batch × width float32, nodes in order of execution. */
export interface OnnxGraph {
  readonly name: string;
  readonly input: string;
  readonly output: string;
  readonly width: number;
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxConstant[];
}

const irVersion = 8;
const operatorSet = 17;

/** Writes a graph as an ONNX file with a dynamic batch. Equal graphs give equal bytes. */
export function encodeOnnx(graph: OnnxGraph): Uint8Array {
  const model = ModelProto.fromObject({
    irVersion,
    producerName: 'verdict',
    opsetImport: [{ domain: '', version: operatorSet }],
    graph: {
      name: graph.name,
      node: graph.nodes.map(({ operator, inputs, output }) => ({
        name: output,
        opType: operator,
        input: inputs,
        output: [output],
      })),
      initializer: graph.constants.map(({ name, shape, values }) => ({
        name,
        dims: shape,
        dataType: floatType,
        rawData: littleEndian(values),
      })),
      input: [valueInfo(graph.input, graph.width)],
      output: [valueInfo(graph.output, graph.width)],
    },
  });
  return Uint8Array.from(ModelProto.encode(model).finish());
}

function valueInfo(name: string, width: number): object {
  const shape = { dim: [{ dimParam: 'batch' }, { dimValue: width }] };
  return { name, type: { tensorType: { elemType: floatType, shape } } };
}

function littleEndian(values: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, index) => {
    view.setFloat32(4 * index, value, true);
  });
  return new Uint8Array(view.buffer);
}
