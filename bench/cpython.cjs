// CPython 3.14 on any machine that has node: cpython.cjs SCRIPT ARGUMENT… runs a script of Python in Pyodide, with this machine's files below /host, and what is
// written to standard input here as its own.
const fs = require("fs"), { loadPyodide } = require("pyodide");
(async () => {
    const [script, ...rest] = process.argv.slice(2), input = fs.readFileSync(0);
    let at = 0;
    const python = await loadPyodide({
        args: [],
        stdin: () => (at < input.length ? input.subarray(at, (at = input.indexOf(10, at) + 1 || input.length)).toString() : null),
        stdout: (line) => console.log(line),
    });
    python.FS.mkdir("/host");
    python.FS.mount(python.FS.filesystems.NODEFS, { root: "/" }, "/host");
    python.globals.set("arguments", python.toPy(rest));
    python.runPython(fs.readFileSync(script, "utf8"));
})().catch((error) => {
    console.error(String(error));
    process.exit(1);
});
