// Runs in the TensorFlow.js image, alone: runs a layers model on numbers and answers with the numbers that came out.
import { readFileSync, writeSync } from "node:fs";
import { createRequire } from "node:module";

console.log = console.info = console.warn = console.error;
const require = createRequire("/opt/");
const tf = require("@tensorflow/tfjs");
require("@tensorflow/tfjs-backend-wasm");

await tf.setBackend("wasm");
await tf.ready();
const answers = [];
for (const task of JSON.parse(readFileSync(0, "utf8"))) {
  const { modelTopology, weightsManifest } = JSON.parse(Buffer.from(task.files["model.json"], "base64"));
  const [{ paths, weights }] = weightsManifest;
  const numbers = Buffer.concat(paths.map((path) => Buffer.from(task.files[path], "base64")));
  const weightData = numbers.buffer.slice(numbers.byteOffset, numbers.byteOffset + numbers.length);
  const model = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs: weights, weightData }));
  const output = model.predict(tf.tensor(task.values, task.shape));
  const values = Buffer.from(Float32Array.from(await output.data()).buffer).toString("base64");
  answers.push({ files: { values, shape: Buffer.from(JSON.stringify(output.shape)).toString("base64") }, versions: {} });
}
writeSync(1, JSON.stringify(answers));
