// Mutants of one token each: mutants.cjs INTO COUNT SEED <PATHS. Of files that are read a path a line, chosen at random, a token is deleted, doubled, swapped with
// the next, replaced by, or put before, one of the same file's. Writes them into the folder INTO, and a JSON list a line: the mutant's path, what was
// done, the byte where it differs from its origin, that one's path.
const fs = require("fs"), path = require("path"), ts = require("typescript");
const [into, count, seed] = process.argv.slice(2);
let state = Number(seed) >>> 0;
const random = (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * below);
};
const tokensOf = (file) => {
    const tokens = [];
    const visit = (node) => {
        if (node.kind >= ts.SyntaxKind.FirstJSDocNode && node.kind <= ts.SyntaxKind.LastJSDocNode) return;
        const parts = node.getChildren(file);
        if (parts.length) parts.forEach(visit);
        else if (node.kind !== ts.SyntaxKind.EndOfFileToken && node.end > node.getStart(file)) tokens.push([node.getStart(file), node.end]);
    };
    visit(file);
    return tokens;
};
const changes = {
    delete: (text, [a, b]) => [text.slice(0, a) + text.slice(b), a],
    double: (text, [a, b]) => [text.slice(0, b) + " " + text.slice(a), b],
    swap: (text, [a, b], other, [c, d]) => [text.slice(0, a) + text.slice(c, d) + text.slice(b, c) + text.slice(a, b) + text.slice(d), a],
    replace: (text, [a, b], [c, d]) => [text.slice(0, a) + text.slice(c, d) + text.slice(b), a],
    insert: (text, [a], [c, d]) => [text.slice(0, a) + text.slice(c, d) + " " + text.slice(a), a],
};
const paths = fs.readFileSync(0, "utf8").split("\n").filter(Boolean);
fs.mkdirSync(into, { recursive: true });
for (let i = 0; i < Number(count); ) {
    const origin = paths[random(paths.length)], text = fs.readFileSync(origin, "utf8");
    if (text.length > 100000) continue;
    const tokens = tokensOf(ts.createSourceFile(origin, text, ts.ScriptTarget.Latest, true));
    if (tokens.length < 10) continue;
    const at = random(tokens.length - 1), kind = Object.keys(changes)[i % 5];
    const [made, offset] = changes[kind](text, tokens[at], tokens[random(tokens.length)], tokens[at + 1]);
    if (made === text) continue;
    const file = path.join(into, i + path.extname(origin));
    fs.writeFileSync(file, made);
    console.log(JSON.stringify([file, kind, Buffer.byteLength(made.slice(0, offset)), origin]));
    i++;
}
