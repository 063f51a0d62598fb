// One of the clients from npm, as a process that reads calls and writes answers.
//
//   node clients.mjs KIND URL
//
// KIND: grpc, grpc-web and connect are the transports of @zitadel/client; node is @zitadel/node.
// Each line of input is a call in JSON: {path, body, token, headers}. Each line of output is its answer in JSON:
// {reply} or {code, message, details}, where the client itself has read the details.

import { createInterface } from "node:readline";

import { fromJson, toJson } from "@bufbuild/protobuf";
import { createConnectTransport } from "@connectrpc/connect-node";
import { ConnectError } from "@connectrpc/connect";
import { createServerTransport } from "@zitadel/client/node";
import { createClientTransport } from "@zitadel/client/web";
import { createSessionServiceClient, createSettingsServiceClient, createUserServiceClient } from "@zitadel/client/v2";
import { createAccessTokenInterceptor, createServiceAccountInterceptor, createUserClient } from "@zitadel/node/dist/api/index.js";
import { ServiceAccount } from "@zitadel/node/dist/credentials/index.js";
import { CredentialsCheckErrorSchema, ErrorDetailSchema } from "@zitadel/proto/zitadel/message_pb.js";
import { SessionService } from "@zitadel/proto/zitadel/session/v2/session_service_pb.js";
import { SettingsService } from "@zitadel/proto/zitadel/settings/v2/settings_service_pb.js";
import { UserService } from "@zitadel/proto/zitadel/user/v2/user_service_pb.js";
import { Metadata } from "nice-grpc-common";

const [kind, url] = process.argv.slice(2);
const TYPES = [
  ["type.googleapis.com/zitadel.v1.ErrorDetail", ErrorDetailSchema],
  ["type.googleapis.com/zitadel.v1.CredentialsCheckError", CredentialsCheckErrorSchema],
];
const SERVICES = {
  "zitadel.user.v2.UserService": [UserService, createUserServiceClient],
  "zitadel.session.v2.SessionService": [SessionService, createSessionServiceClient],
  "zitadel.settings.v2.SettingsService": [SettingsService, createSettingsServiceClient],
};

function authorized(token) {
  return (next) => (request) => {
    if (token && !request.header.has("authorization")) request.header.set("authorization", `Bearer ${token}`);
    return next(request);
  };
}

const transports = {
  grpc: (token) => createServerTransport(token, { baseUrl: url }),
  "grpc-web": (token) => createClientTransport(token, { baseUrl: url }),
  connect: (token) =>
    createConnectTransport({ baseUrl: url, httpVersion: "1.1", useBinaryFormat: false, interceptors: [authorized(token)] }),
  "connect-proto": (token) =>
    createConnectTransport({ baseUrl: url, httpVersion: "2", useBinaryFormat: true, interceptors: [authorized(token)] }),
};
const known = new Map();

function transportFor(token) {
  if (!known.has(token)) known.set(token, transports[kind](token));
  return known.get(token);
}

async function overConnect({ path, body, token, headers }) {
  const [, service, method] = path.split("/");
  const [description, create] = SERVICES[service];
  const client = create(transportFor(token ?? ""));
  const found = description.methods.find((one) => one.name === method);
  try {
    const reply = await client[found.localName](fromJson(found.input, body), { headers });
    return { reply: toJson(found.output, reply) };
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    const details = TYPES.flatMap(([type, schema]) =>
      error.findDetails(schema).map((detail) => ({ "@type": type, ...toJson(schema, detail) })),
    );
    return { code: error.code, message: error.rawMessage, details, count: error.details.length };
  }
}

const MEDIA = { NOTIFICATION_TYPE_Unspecified: 0, NOTIFICATION_TYPE_Email: 1, NOTIFICATION_TYPE_SMS: 2 };

async function overNode({ path, body, token, headers, key }) {
  const method = path.split("/")[2];
  const interceptor = key
    ? createServiceAccountInterceptor(url, ServiceAccount.fromJson(key), { apiAccess: true })
    : createAccessTokenInterceptor(token ?? "");
  const client = createUserClient(url, interceptor);
  const metadata = new Metadata(headers);
  const asked = structuredClone(body);
  if (asked.sendLink?.notificationType) asked.sendLink.notificationType = MEDIA[asked.sendLink.notificationType];
  let trailer;
  try {
    const reply = await client[method[0].toLowerCase() + method.slice(1)](asked, {
      metadata,
      onTrailer: (received) => (trailer = received),
    });
    const { sequence, changeDate, resourceOwner } = reply.details;
    const details = { sequence: sequence.toString(), changeDate, resourceOwner };
    return { reply: { ...reply, details } };
  } catch (error) {
    if (error.code === undefined) throw error;
    const status = trailer?.get("grpc-status-details-bin");
    return { code: error.code, message: error.details, status: status && Buffer.from(status).toString("base64") };
  }
}

const call = kind === "node" ? overNode : overConnect;
for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = await call(JSON.parse(line));
  } catch (error) {
    answer = { broken: String(error.stack ?? error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
process.exit(0);
