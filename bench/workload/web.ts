/** What stands in nginx' access.log. `{date}` is where its date goes. */
import { type Chance, type Scene } from "./chance.ts";

const AGENTS = [
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
  "curl/8.5.0",
];
const PROBES = [
  "wp-login.php",
  "phpmyadmin/index.php",
  ".env",
  "admin/config.php",
  "cgi-bin/luci",
  "pma/scripts/setup.php",
  "xmlrpc.php",
  ".git/config",
  "roundcube/index.php",
  "mysqladmin/main.php",
  "webdav/",
];
const PAGES = [
  "",
  "index.html",
  "static/app.js",
  "static/app.css",
  "img/logo.png",
  "api/v1/items",
  "blog/post-",
  "search?q=",
  "favicon.ico",
];

function entry(who: string, request: string, status: number, chance: Chance): readonly string[] {
  const from = chance.is(0.5) ? "-" : `https://www.example.com/${chance.below(999)}`;
  return [`${who} - - [{date}] "${request}" ${status} ${chance.below(90_000)} "${from}" "${chance.one(AGENTS)}"`];
}

export const webAttacks: readonly Scene[] = [
  {
    weight: 60,
    lines: (chance) =>
      entry(chance.attacker(), `${chance.one(["GET", "POST", "HEAD"])} /${chance.one(PROBES)} HTTP/1.1`, 404, chance),
  },
  { weight: 20, lines: (chance) => entry(chance.attacker(), "GET /private/ HTTP/1.1", 401, chance) },
  { weight: 10, lines: (chance) => entry(chance.attacker(), "\\x16\\x03\\x01\\x00\\xEE\\x01\\x00\\x00", 400, chance) },
  { weight: 10, lines: (chance) => entry(chance.attacker(), "GET /server-status HTTP/1.1", 403, chance) },
];

const STATUSES = [...Array.from({ length: 86 }, () => 200), ...Array.from({ length: 11 }, () => 304), 404, 404, 499];

export const webEveryday: readonly Scene[] = [
  {
    weight: 1,
    lines: (chance) => {
      const who = chance.is(0.2) ? chance.friend() : chance.attacker();
      const request = `${chance.is(0.9) ? "GET" : "POST"} /${chance.one(PAGES)}${chance.below(99_999)} HTTP/${chance.is(0.6) ? "2.0" : "1.1"}`;
      return entry(who, request, STATUSES[chance.below(STATUSES.length)] ?? 200, chance);
    },
  },
];
