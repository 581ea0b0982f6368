// TypeScript's compiler on files: corpora_judge.cjs [--grammar] <PATHS. Reads a path a line, writes a JSON string a line: the first syntax error of its parser, ""
// for none. JavaScript is held to what JavaScript is: types in it are errors. With --grammar also what the parser lets through and the compiler calls an error
// all the same that comes of the text alone: `readonly readonly`, `1 = 2`, `return` outside of functions, a type that is called `export`. A text has one of those
// when it has one however the compiler is set up. Of JavaScript V8 is asked instead, whether it is a script, a module, or the body of a function, where V8 knows what is in it.
const fs = require("fs"), vm = require("vm"), ts = require("typescript");

// Of the codes of grammar those that come of types, of names that are equal or not declared, of other files, or of what is targeted.
const others = new Set([
    1055, 1056, 1058, 1059, 1060, 1061, 1062, 1064, 1065, 1066, 1117, 1118, 1119, 1148, 1149, 1165, 1166, 1168, 1169, 1170, 1192, 1196, 1202, 1203, 1205, 1208, 1218, 1219, 1225, 1226, 1227, 1229,
    1230, 1236, 1237, 1238, 1239, 1240, 1241, 1250, 1251, 1252, 1254, 1259, 1261, 1268, 1269, 1270, 1271, 1272, 1278, 1279, 1280, 1281, 1282, 1283, 1284, 1285, 1286, 1287, 1288,
    1289, 1290, 1291, 1292, 1293, 1294, 1295, 1309, 1320, 1321, 1322, 1323, 1324, 1329, 1337, 1339, 1340, 1343, 1345, 1355, 1360, 1361, 1362, 1378, 1379, 1380, 1432,
    1448, 1453, 1470, 1471, 1479, 1484, 1485, 1501, 1503, 1540, 1541, 1542, 1543, 1544, 17001, 17004, 17005, 17009, 17011, 17016, 17017,
    18004, 18013, 18014, 18015, 18028, 18033, 18042, 18043, 18045, 18046, 18047, 18048, 18049, 18050, 18053, 18055, 18056, 18057, 18060,
]);
// What may be assigned to, and what else the standard calls an early error; types of JSDoc.
const early = new Set([2357, 2364, 2406, 2462, 2480, 2487, 2777, 2779, 2780, 2781, 5076, 8020]);
// Names that are not found, or are no names of types: nobody can declare a reserved word.
const unknown = new Set([2304, 2503, 2552, 2749]);
const isReserved = (word) => { const kind = ts.stringToToken(word); return kind >= ts.SyntaxKind.FirstReservedWord && kind <= ts.SyntaxKind.LastReservedWord; };
const isGrammar = ({ code, start, length, file }) => early.has(code) || (unknown.has(code) && isReserved(file.text.slice(start, start + length))) ||
    (((code >= 1000 && code < 2000) || (code >= 17000 && code < 19000)) && !others.has(code));
const setups = [ts.ModuleDetectionKind.Auto, ts.ModuleDetectionKind.Force].flatMap((moduleDetection) =>
    [false, true].map((experimentalDecorators) => ({ moduleDetection, experimentalDecorators })));

const isJavaScript = (path) => /\.[cm]?jsx?$/.test(path);
const programOf = (path, text, setup) => {
    const options = { allowJs: true, checkJs: true, noResolve: true, noLib: true, types: [], target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.Preserve,
        jsx: ts.JsxEmit.Preserve, ...setup };
    const host = { ...ts.createCompilerHost({}), getSourceFile: (name, how) => (name === path ? ts.createSourceFile(path, text, how, true) : undefined) };
    const program = ts.createProgram([path], options, host);
    return [program, program.getSourceFile(path)];
};
const parserError = (path, text) => {
    const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    if (file.parseDiagnostics.length || !isJavaScript(path)) return file.parseDiagnostics[0];
    const [program, same] = programOf(path, text, {});
    return program.getSyntacticDiagnostics(same)[0];
};
// The parser is silent about `declare` before what is no declaration, where it meant to have complained already.
const strayDeclare = (node) => (ts.isExpressionStatement(node) && node.getText() === "declare" && /^[ \t]+[\w$]/.test(node.getSourceFile().text.slice(node.end)) ? node
    : ts.forEachChild(node, strayDeclare));
const ways = [(text) => new vm.Script(text), (text) => vm.compileFunction(text), (text) => new vm.SourceTextModule(text)];
const refusalOfV8 = (text) => {
    let refusal;
    for (const compile of ways) {
        try { return compile(text), undefined; } catch (error) { refusal = { code: "V8", messageText: error.message, start: 0 }; }
    }
    return refusal;
};
// What this V8 has not got yet.
const isBeyondV8 = (node) => ts.isJsxChild(node) || ts.isDecorator(node) || node.kind === ts.SyntaxKind.AccessorKeyword ||
    (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.Using) !== 0) || (ts.isImportClause(node) && node.phaseModifier !== undefined) || ts.forEachChild(node, isBeyondV8) || false;
const grammarError = (path, text) => {
    let first;
    if (isJavaScript(path) && !isBeyondV8(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)))
        return refusalOfV8(text);
    for (const setup of setups) {
        const [program, file] = programOf(path, text, setup), stray = strayDeclare(file);
        if (stray) return { code: 1146, messageText: "Declaration expected.", start: stray.end };
        const error = program.getSemanticDiagnostics(file).find((error) => isGrammar(error) && !ts.isInJSDoc(ts.getTokenAtPosition(file, error.start)));
        if (!error) return undefined;
        first ??= error;
    }
    return first;
};

const isGrammarAsked = process.argv[2] === "--grammar";
for (const path of fs.readFileSync(0, "utf8").split("\n").filter(Boolean)) {
    const bytes = fs.readFileSync(path), text = bytes.toString("utf8");
    let why = Buffer.from(text, "utf8").equals(bytes) ? "" : "not UTF-8";
    if (!why) {
        const error = parserError(path, text) ?? (isGrammarAsked ? grammarError(path, text) : undefined);
        if (error) why = `${ts.flattenDiagnosticMessageText(error.messageText, " ")} (${typeof error.code === "number" ? "TS" : ""}${error.code}) at ${error.start}`;
    }
    console.log(JSON.stringify(why));
}
