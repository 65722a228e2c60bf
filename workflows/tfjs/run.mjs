// Loads and runs one TensorFlow.js model for the box: `node run.mjs FOLDER`, FOLDER holds node_modules.
//
// One JSON object a line in, one a line out; tensors pass through raw little-endian files. Everything that is printed
// goes to stderr. Requests: {do: "load", model, shards: {name: path}} and {do: "run", backend?, inputs: [{name, file,
// shape, dtype}], outputs: [name], folder}. An answer holds `error` (the first line) and `stack` where it failed.

import { closeSync, openSync, readFileSync, readSync, writeFileSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";

console.log = console.info = console.debug = console.error;

const folder = process.argv[2];
const require = createRequire(join(folder, "package.json"));
const tf = require("@tensorflow/tfjs");
const wasm = require("@tensorflow/tfjs-backend-wasm");
wasm.setWasmPaths(join(folder, "node_modules/@tensorflow/tfjs-backend-wasm/dist/"));

const ARRAYS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };
const UNREGISTERED = /Kernel '.*' not registered for backend 'wasm'/;

let artifacts = null;
let model = null;
let graph = false;

const answer = (value) => writeSync(1, JSON.stringify(value) + "\n");

/** Bytes of the shards in the manifest's order; each is read whole, and their sum has to be what the weights take. */
function weightsOf(manifest, shards) {
  const specs = manifest.flatMap((group) => group.weights);
  const buffers = manifest.flatMap((group) => group.paths).map((name) => readFileSync(shards[name]));
  const data = Buffer.concat(buffers);
  const wanted = specs.reduce((sum, spec) => sum + bytesOf(spec), 0);
  if (Number.isFinite(wanted) && wanted !== data.length) {
    throw new Error(`the shards hold ${data.length} bytes, and model.json describes ${wanted}`);
  }
  return { weightSpecs: specs, weightData: data.buffer.slice(data.byteOffset, data.byteOffset + data.length) };
}

/** Bytes that one weight takes in the shards; NaN where that cannot be told beforehand (text). */
function bytesOf(spec) {
  const widths = { float32: 4, int32: 4, bool: 1, complex64: 8, uint8: 1, uint16: 2, float16: 2 };
  const size = spec.shape.reduce((product, length) => product * length, 1);
  return size * (widths[spec.quantization ? spec.quantization.dtype : spec.dtype] ?? NaN);
}

/** What tfjs loads a model from, from the parts of a model.json. */
function artifactsOf(described, shards) {
  const { modelTopology, format, generatedBy, convertedBy, signature, userDefinedMetadata, modelInitializer } = described;
  const kept = { modelTopology, format, generatedBy, convertedBy, signature, userDefinedMetadata, modelInitializer };
  return { ...kept, ...weightsOf(described.weightsManifest ?? [], shards) };
}

async function load({ model: path, shards }) {
  const described = JSON.parse(readFileSync(path, "utf8"));
  if (!described.modelTopology) throw new Error("model.json has no modelTopology");
  artifacts = artifactsOf(described, shards);
  graph = described.format === "graph-model" || Array.isArray(described.modelTopology.node);
  await build();
  return { graph, ...(graph ? graphNames() : layerNames()) };
}

async function build() {
  model?.dispose();
  const handler = { load: async () => artifacts };
  model = graph ? await tf.loadGraphModel(handler) : await tf.loadLayersModel(handler);
}

const typed = (tensors) => tensors.map(({ name, dtype }) => ({ name, tensor: name, dtype }));

function layerNames() {
  const inputs = model.inputNames.map((name, index) => ({ name, tensor: name, dtype: model.inputs[index].dtype }));
  return { inputs, outputs: model.outputNames.map((name) => ({ name, tensor: name })), ordered: true };
}

/** A signature's own names where there is one: its tensors are named after nodes of the graph. */
function graphNames() {
  const signature = artifacts.signature ?? artifacts.userDefinedMetadata?.signature ?? {};
  const named = (declared, tensors) =>
    declared
      ? Object.entries(declared).map(([name, one]) => ({
          name: name.replace(/:\d+$/, ""),
          tensor: one.name ?? name,
          dtype: tensors.find((tensor) => tensor.name.replace(/:0$/, "") === (one.name ?? name).replace(/:0$/, ""))?.dtype,
        }))
      : typed(tensors);
  return { inputs: named(signature.inputs, model.inputs), outputs: named(signature.outputs, model.outputs), ordered: false };
}

/** Bytes of a file, in memory that a typed array of any width can look at. */
function bytesIn(file, size) {
  const buffer = Buffer.from(new ArrayBuffer(size));
  const descriptor = openSync(file);
  for (let at = 0; at < size; ) {
    const got = readSync(descriptor, buffer, at, Math.min(size - at, 1 << 30), null);
    if (!got) throw new Error(`${file} is shorter than its tensor`);
    at += got;
  }
  closeSync(descriptor);
  return buffer.buffer;
}

function tensorOf({ file, shape, dtype }) {
  const Kind = ARRAYS[dtype];
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(new Kind(bytesIn(file, size * Kind.BYTES_PER_ELEMENT)), shape, dtype);
}

async function run({ inputs, outputs, folder: scratch }) {
  try {
    return { outputs: await predict(inputs, outputs, scratch), warnings: [] };
  } catch (error) {
    if (tf.getBackend() !== "wasm" || !UNREGISTERED.test(error.message)) throw error;
    await tf.setBackend("cpu");
    await build();
    const warning = `run by the cpu backend, since the wasm backend lacks a kernel: ${error.message.split("\n")[0]}`;
    return { outputs: await predict(inputs, outputs, scratch), warnings: [warning] };
  }
}

async function predict(inputs, outputs, scratch) {
  const given = inputs.map(tensorOf);
  const results = await called(Object.fromEntries(inputs.map(({ name }, index) => [name, given[index]])), given, outputs);
  const found = [];
  for (const [index, result] of results.entries()) {
    const values = await result.data();
    const file = join(scratch, `output-${index}`);
    writeFileSync(file, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    found.push({ file, shape: result.shape, dtype: result.dtype });
  }
  tf.dispose([given, results]);
  return found;
}

async function called(byName, inOrder, outputs) {
  if (graph) return [await model.executeAsync(byName, outputs)].flat();
  const results = [model.predict(inOrder.length === 1 ? inOrder[0] : inOrder)].flat();
  return outputs.map((name) => results[model.outputNames.indexOf(name)]);
}

const VERBS = { load, run };

await tf.setBackend("wasm").catch((error) => console.error(error));
if (tf.getBackend() !== "wasm") await tf.setBackend("cpu");
await tf.ready();
answer({ backend: tf.getBackend(), node: process.versions.node });

for await (const line of createInterface({ input: process.stdin })) {
  try {
    const request = JSON.parse(line);
    answer(await VERBS[request.do](request));
  } catch (error) {
    answer({ error: String(error?.message ?? error).split("\n")[0].slice(0, 500), stack: String(error?.stack).slice(0, 4000) });
  }
}
