// Reads TypeScript programs, one JSON string a line; answers each with null or TypeScript's first syntactic complaint, as JSON.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { readFileSync } from "node:fs";

const find = (base) => { try { return createRequire(base)("typescript"); } catch { return undefined; } };
const folders = [import.meta.url, pathToFileURL(process.cwd() + "/"), ...(process.env.NODE_PATH ?? "").split(":").filter(Boolean).map((path) => pathToFileURL(path + "/x"))];
const ts = folders.map(find).find(Boolean);
if (!ts) throw new Error("the typescript package is not found from here, the working folder or NODE_PATH");

for (const line of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
    const text = JSON.parse(line);
    const file = ts.createSourceFile("walk.ts", text, ts.ScriptTarget.ESNext, true, ts.ScriptKind.TS);
    const options = { reportDiagnostics: true, compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext } };
    const all = [...file.parseDiagnostics, ...ts.transpileModule(text, options).diagnostics];
    const first = all[0];
    const at = first && first.start !== undefined ? text.slice(Math.max(0, first.start - 30), first.start) + "⟂" + text.slice(first.start, first.start + 20) : "";
    console.log(JSON.stringify(first ? `${ts.flattenDiagnosticMessageText(first.messageText, " ")} at ${JSON.stringify(at)}` : null));
}
