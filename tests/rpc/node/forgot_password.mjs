// The back end of a sign-in page for people who forgot their passwords, with @zitadel/client.
//
//   ZITADEL_URL=http://127.0.0.1:7070 ZITADEL_TOKEN=… node forgot_password.mjs
//
// The token is that of a machine with the role IAM_LOGIN_CLIENT. It stays in this process: pages get forms, and after
// signing in a cookie with the person's own session. The first line of output is the address of the page.

import { createServer } from "node:http";
import { text } from "node:stream/consumers";

import { Code, ConnectError } from "@connectrpc/connect";
import { createServerTransport } from "@zitadel/client/node";
import { createSessionServiceClient, createUserServiceClient } from "@zitadel/client/v2";
import { TextQueryMethod } from "@zitadel/proto/zitadel/object/v2/object_pb.js";
import { NotificationType } from "@zitadel/proto/zitadel/user/v2/password_pb.js";

const { ZITADEL_URL: baseUrl, ZITADEL_TOKEN: token } = process.env;
const transport = createServerTransport(token, { baseUrl });
const users = createUserServiceClient(transport);
const sessions = createSessionServiceClient(transport);
let address;

async function findUser(loginName) {
  const value = { loginName, method: TextQueryMethod.EQUALS_IGNORE_CASE };
  const { result } = await users.listUsers({ queries: [{ query: { case: "loginNameQuery", value } }] });
  return result.length === 1 ? result[0].userId : undefined;
}

// Says the same whether there is such a person who may have a mail, so that nobody can try out names.
async function sendMail(form) {
  const userId = await findUser(form.get("loginName") ?? "");
  const urlTemplate = `${address}/new-password?userId={{.UserID}}&code={{.Code}}`;
  const medium = { case: "sendLink", value: { notificationType: NotificationType.Email, urlTemplate } };
  try {
    if (userId) await users.passwordReset({ userId, medium });
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
  return { page: "<p>If we know you, you have a mail.</p>" };
}

async function setPassword(form) {
  const [userId, code, password] = ["userId", "code", "password"].map((name) => form.get(name) ?? "");
  // Without a code the right of the machine would be enough to set anybody's password.
  if (!code) return { status: 400, page: "<p>The link has no code.</p>" };
  const verification = { case: "verificationCode", value: code };
  await users.setPassword({ userId, newPassword: { password }, verification });
  const user = { search: { case: "userId", value: userId } };
  const { sessionId, sessionToken } = await sessions.createSession({ checks: { user, password: { password } } });
  const cookie = `session=${sessionId}:${sessionToken}; HttpOnly; SameSite=Strict; Path=/`;
  return { status: 303, headers: { Location: "/", "Set-Cookie": cookie } };
}

// With the rights of the person, not of the machine.
async function showPerson(cookies) {
  const [, sessionId, sessionToken] = /(?:^|; )session=([^:;]+):([^;]+)/.exec(cookies) ?? [];
  if (!sessionToken) return { status: 303, headers: { Location: "/forgot-password" } };
  const own = createSessionServiceClient(createServerTransport(sessionToken, { baseUrl }));
  const { session } = await own.getSession({ sessionId });
  return { page: `<p>Signed in as ${escaped(session.factors.user.loginName)}.</p>` };
}

const escaped = (value) => value.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
const hidden = (query) => (name) => `<input type="hidden" name="${name}" value="${escaped(query.get(name) ?? "")}">`;
const form = (fields) => `<form method="post">${fields}<button>Send</button></form>`;

const PAGES = {
  "GET /": ({ cookies }) => showPerson(cookies),
  "GET /forgot-password": () => ({ page: form('<input name="loginName" autocomplete="username">') }),
  "POST /forgot-password": ({ sent }) => sendMail(sent),
  "GET /new-password": ({ query }) => {
    const known = ["userId", "code"].map(hidden(query)).join("");
    return { page: form(`${known}<input name="password" type="password" autocomplete="new-password">`) };
  },
  "POST /new-password": ({ sent }) => setPassword(sent),
};

// The link has the code, so no other site may see it as a referrer.
const HEADERS = { "Content-Type": "text/html; charset=utf-8", "Referrer-Policy": "no-referrer" };
const REFUSALS = [Code.InvalidArgument, Code.FailedPrecondition, Code.NotFound];
const isRefusal = (error) => error instanceof ConnectError && REFUSALS.includes(error.code);

async function answer(request) {
  const { pathname, searchParams: query } = new URL(request.url, address);
  const show = PAGES[`${request.method} ${pathname}`];
  if (!show) return { status: 404, page: "<p>There is no such page.</p>" };
  try {
    return await show({ query, cookies: request.headers.cookie ?? "", sent: new URLSearchParams(await text(request)) });
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    return { status: isRefusal(error) ? 400 : 502, page: `<p>${escaped(error.rawMessage)}</p>` };
  }
}

const server = createServer(async (request, response) => {
  const { status = 200, headers, page = "" } = await answer(request);
  response.writeHead(status, { ...HEADERS, ...headers }).end(page);
});
server.listen(0, "127.0.0.1", () => {
  address = `http://127.0.0.1:${server.address().port}`;
  console.log(address);
});
