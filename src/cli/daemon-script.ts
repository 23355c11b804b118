/** The server itself as a package runs it: bundled as a script of its own, which `server-script.ts` asks for. */
import type { Start } from "./foreground.ts";
import type { Load } from "./loader.ts";
import { serveHere } from "./serve.ts";

/** Is the server in this process, whose exit status it sets. @param load for the script that reads configurations, which is not kept */
export async function serve(start: Start, load: Load): Promise<number> {
  const { options } = start;
  return served(serveHere(start, () => load("server").read(options)));
}

async function served(running: Promise<number>): Promise<number> {
  const status = await running;
  process.exitCode = status;
  return status;
}
