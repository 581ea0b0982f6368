// TypeScript's parser on files: reads a path a line, writes a JSON string a line: the first syntax error, "" for none. JavaScript is held to
// what JavaScript is: types in it are errors.
const fs = require("fs"), ts = require("typescript");
for (const path of fs.readFileSync(0, "utf8").split("\n").filter(Boolean)) {
    const bytes = fs.readFileSync(path), text = bytes.toString("utf8");
    let why = Buffer.from(text, "utf8").equals(bytes) ? "" : "not UTF-8";
    if (!why) {
        const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
        const errors = [...file.parseDiagnostics];
        if (/\.[cm]?jsx?$/.test(path)) {
            const program = ts.createProgram([path], { allowJs: true, noResolve: true, noLib: true }, {
                ...ts.createCompilerHost({}), getSourceFile: (name) => (name === path ? file : undefined) });
            errors.push(...program.getSyntacticDiagnostics(file));
        }
        if (errors.length) why = ts.flattenDiagnosticMessageText(errors[0].messageText, " ") + " at " + errors[0].start;
    }
    console.log(JSON.stringify(why));
}
