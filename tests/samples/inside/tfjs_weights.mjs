// Runs in the TensorFlow.js image, alone, as `node --input-type=module -e`: tasks as JSON on stdin, files as JSON on
// stdout (see in_images.py). What a library prints goes to stderr.
import { readFileSync, writeSync } from "node:fs";
import { createRequire } from "node:module";

console.log = console.info = console.warn = console.error;
const require = createRequire("/opt/");
const tf = require("@tensorflow/tfjs");
require("@tensorflow/tfjs-backend-wasm");

function build(task) {
  const first = task.axes === "bcyx";
  const raw = tf.input({ shape: first ? [1, null, null] : [null, null, 1], name: "raw" });
  const blur = tf.layers.conv2d({ filters: 1, kernelSize: 3, padding: "same", useBias: false, name: "blur" });
  const sharpen = tf.layers.conv2d({ filters: 1, kernelSize: 3, padding: "same", activation: "sigmoid", name: "sharpen" });
  let tensor = first ? tf.layers.permute({ dims: [2, 3, 1], name: "to_last" }).apply(raw) : raw;
  tensor = sharpen.apply(blur.apply(tensor));
  if (first) tensor = tf.layers.permute({ dims: [3, 1, 2], name: "to_first" }).apply(tensor);
  const model = tf.model({ inputs: raw, outputs: tensor });
  const kernel = (values) => tf.tensor(values).reshape([3, 3, 1, 1]);
  blur.setWeights([kernel(task.blur)]);
  sharpen.setWeights([kernel(task.sharpen), tf.tensor1d([task.bias])]);
  return model;
}

// The files of a layers model; its numbers in shards of so many bytes, which need not end where a tensor ends.
async function save(model, shardBytes) {
  let artifacts;
  await model.save(tf.io.withSaveHandler(async (given) => {
    artifacts = given;
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
  }));
  const numbers = Buffer.from(artifacts.weightData);
  const count = Math.ceil(numbers.length / shardBytes);
  const paths = Array.from({ length: count }, (_, index) => `group1-shard${index + 1}of${count}.bin`);
  const { modelTopology, format, generatedBy, convertedBy } = artifacts;
  const weightsManifest = [{ paths, weights: artifacts.weightSpecs }];
  const files = { "model.json": Buffer.from(JSON.stringify({ format, generatedBy, convertedBy, modelTopology, weightsManifest })) };
  paths.forEach((path, index) => { files[path] = numbers.subarray(index * shardBytes, (index + 1) * shardBytes); });
  return files;
}

await tf.setBackend("wasm");
await tf.ready();
const answers = [];
for (const task of JSON.parse(readFileSync(0, "utf8"))) {
  const files = Object.entries(await save(build(task), 48)).map(([name, bytes]) => [name, bytes.toString("base64")]);
  answers.push({ files: Object.fromEntries(files), versions: { tfjs: tf.version.tfjs } });
}
writeSync(1, JSON.stringify(answers));
