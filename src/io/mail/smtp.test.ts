import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { test } from "node:test";
import { MAIL_MAX, type MailAccount, smtpMailer } from "./smtp.ts";

const ANSWERS: readonly (readonly [word: string, answer: string])[] = [
  ["DATA", "354 go"],
  ["QUIT", "221 bye"],
];

/** A mail server on the loopback that takes one mail, or refuses the recipient. */
async function server(refuses = false) {
  const heard: string[] = [];
  let body = "";
  const listener = createServer((socket) => {
    let reading = false;
    let rest = "";
    socket.write("220 test\r\n");
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      rest += chunk.toString("utf8");
      for (let end = rest.indexOf("\r\n"); end >= 0; end = rest.indexOf("\r\n")) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        if (reading && line !== ".") {
          body += `${line}\n`;
          continue;
        }
        if (!reading) heard.push(line);
        const known = ANSWERS.find(([word]) => !reading && line.startsWith(word));
        const answer = refuses && line.startsWith("RCPT") ? "550 nobody here" : (known?.[1] ?? "250 fine");
        reading = line.startsWith("DATA");
        socket.write(`${answer}\r\n`);
      }
    });
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address();
  assert.ok(address !== null && typeof address === "object");
  const account: MailAccount = {
    host: "127.0.0.1",
    port: address.port,
    tls: false,
    user: null,
    password: null,
    senderName: "Fail2Ban",
    sender: "f2b@host.example",
    to: ["root@host.example", "ops@host.example"],
  };
  return { account, heard, body: () => body, close: () => listener.close() };
}

test("a mail goes to all recipients, with no line breaks in its subject and no control characters in its text", async () => {
  const smtp = await server();
  const sent = await smtpMailer(smtp.account, 5).send({
    subject: "a\r\nBcc: evil@x\u0000",
    text: "line\u001b[1m\n.\n~! touch x\n",
  });
  assert.deepEqual(sent, { ok: true });
  assert.deepEqual(
    smtp.heard.filter((line) => /^(MAIL|RCPT)/.test(line)).map((line) => line.replace(/ (BODY|SMTPUTF8).*/, "")),
    ["MAIL FROM:<f2b@host.example>", "RCPT TO:<root@host.example>", "RCPT TO:<ops@host.example>"],
  );
  assert.match(smtp.body(), /^From: Fail2Ban <f2b@host\.example>$/m);
  assert.match(smtp.body(), /^Subject: a Bcc: evil@x/m);
  assert.doesNotMatch(smtp.body(), /^Bcc/m);
  assert.match(smtp.body(), /line\?\[1m\n\.\.\n~! touch x/);
  smtp.close();
});

test("a mail server that refuses is an answer, not an exception", async () => {
  const smtp = await server(true);
  const sent = await smtpMailer(smtp.account, 5).send({ subject: "s", text: "t" });
  assert.ok(!sent.ok && sent.message.includes("550"));
  smtp.close();
  const none = await smtpMailer({ ...smtp.account, port: 9 }, 5).send({ subject: "s", text: "t" });
  assert.equal(none.ok, false);
});

test("a text beyond the limit is cut and says so", async () => {
  const smtp = await server();
  await smtpMailer(smtp.account, 10).send({ subject: "s", text: "x\n".repeat(MAIL_MAX) });
  assert.match(smtp.body(), /cut at 262144 characters|=E2=80=A6|base64/);
  assert.ok(smtp.body().length < MAIL_MAX * 2);
  smtp.close();
});
