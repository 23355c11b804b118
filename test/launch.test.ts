/** The launchers in bin/: they find Node and the program from wherever they are called, and say what is missing. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

const project = fileURLToPath(new URL("../", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "fail2ban-ts-launch-"));
after(() => rmSync(scratch, { recursive: true }));

const nodePackage = `node-linux-${process.arch}`;
const program = `console.log(JSON.stringify([process.argv[1].split("/").pop(), process.execArgv, process.argv.slice(2)]));\n`;

/** A package's folder with the real bin/ and the given files; `nodeIn` is the folder that shall hold the Node package. */
function install(name: string, nodeIn: string | null, files: Readonly<Record<string, string>>): string {
  const root = join(scratch, name);
  cpSync(join(project, "bin"), join(root, "bin"), { recursive: true });
  for (const [path, text] of Object.entries({ "package.json": '{"type":"module"}', ...files })) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  if (nodeIn !== null) {
    mkdirSync(join(root, nodeIn), { recursive: true });
    symlinkSync(join(project, "node_modules", nodePackage), join(root, nodeIn, nodePackage));
  }
  return root;
}

function launch(path: string, ...words: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const env = { ...process.env, NODE_OPTIONS: "--no-such-option" };
  const { status, stdout, stderr } = spawnSync(path, words, { encoding: "utf8", cwd: "/", env });
  return { status, stdout, stderr };
}

function assertRan(path: string, main: string, first: string): void {
  const said = launch(path, "-s", "a b", "");
  assert.equal(said.status, 0, said.stderr);
  const options = [`--max-semi-space-size=${first === "regex" ? 4 : 8}`, "--disable-warning=ExperimentalWarning"];
  assert.deepEqual(JSON.parse(said.stdout), [main, options, [first, "-s", "a b", ""]]);
}

describe("a launcher", () => {
  test("runs its program with the words unchanged, and passes no NODE_OPTIONS on", () => {
    const root = install("clone", "node_modules", { "src/cli/main.ts": program });
    for (const name of ["server", "client", "regex"]) assertRan(join(root, "bin", `fail2ban-${name}`), "main.ts", name);
  });

  test("sees that the configuration is to be printed, and starts what is made for that", () => {
    const root = install("printing", "node_modules", { "src/cli/main.ts": program });
    const started = (...words: string[]): unknown =>
      JSON.parse(launch(join(root, "bin/fail2ban-client"), ...words).stdout);
    const switches = [
      "--no-rehash-snapshot",
      "--no-opt",
      "--no-maglev",
      "--no-regexp-tier-up",
      "--min-semi-space-size=16",
      "--v8-pool-size=1",
    ];
    const room = "--max-semi-space-size=16";
    const options = ["--max-semi-space-size=8", "--disable-warning=ExperimentalWarning"];
    for (const word of ["-d", "--dp", "--dump-pretty"])
      assert.deepEqual(started("-c", "a b", word), [
        "main.ts",
        [...switches, room, ...options.slice(1)],
        ["dump", "-c", "a b", word],
      ]);
    assert.deepEqual(started("-c", "d", "get", "dp"), ["main.ts", options, ["client", "-c", "d", "get", "dp"]]);
  });

  test("finds its folder through links", () => {
    const root = install("linked", "node_modules", { "src/cli/main.ts": program });
    symlinkSync(join(root, "bin/fail2ban-client"), join(scratch, "one"));
    symlinkSync("one", join(scratch, "two"));
    assertRan(join(scratch, "two"), "main.ts", "client");
  });

  test("finds Node where npm hoists it, beside the package, and runs the bundle of a package without source", () => {
    const root = install("tree/node_modules/fail2ban-ts", "..", { "dist/start.cjs": program });
    assertRan(join(root, "bin/fail2ban-server"), "start.cjs", "server");
  });

  test("runs the programs of a package without source by their own start", () => {
    const root = install("package", "node_modules", { "dist/start.cjs": program, "dist/main.mjs": "process.exit(9)" });
    for (const name of ["server", "client", "regex"]) assertRan(join(root, `bin/fail2ban-${name}`), "start.cjs", name);
  });

  test("prefers the source of a clone to a bundle that may be stale", () => {
    const root = install("both", "node_modules", { "src/cli/main.ts": program, "dist/main.mjs": "process.exit(9)" });
    assertRan(join(root, "bin/fail2ban-server"), "main.ts", "server");
  });

  test("names the remedy and exits 255 where nothing was set up", () => {
    const root = install("bare", null, {});
    const said = launch(join(root, "bin/fail2ban-server"));
    assert.deepEqual([said.status, said.stdout], [255, ""]);
    assert.match(
      said.stderr,
      /^fail2ban-server: Node 26 for \S+ is not here yet: run 'npm start' .* in \/\S+\/bare\n$/,
    );
  });
});
