/**
 * The client of Watchword's control API, for tests of front ends: in a browser, or in Node from version 20 on.
 *
 * It is one file without dependencies. Import it from a server, or save it and its types beside your tests:
 *
 *     curl -O http://127.0.0.1:7070/__admin/client.mjs -O http://127.0.0.1:7070/__admin/client.d.mts
 */

/**
 * @typedef {"weavr_multi" | "weavr_payment_run" | "zitadel" | "entrust"} System
 * @typedef {string | number} Duration `"PT61M"`, `"61m"`, `"800ms"`; a number is seconds.
 * @typedef {{now: string, frozen: boolean, offsetSeconds: number, scale: number}} ClockReading
 * @typedef {{at: string, kind: string, system: string, person: string | null, what: string}} Event
 * @typedef {{kind: string, expiresAt: string | null, expired: boolean, code: string | null}} OutstandingCode
 * @typedef {{kind: string, expiresAt: string | null}} HeldToken
 * @typedef {object} PersonState
 * @property {boolean} active
 * @property {boolean} locked
 * @property {string | null} lockedUntil
 * @property {number | null} triesLeft
 * @property {boolean} passwordSet
 * @property {string | null} passwordChangedAt
 * @property {string | null} passwordExpiresAt
 * @property {boolean} mustChangePassword
 * @property {OutstandingCode[]} codes
 * @property {HeldToken[]} tokens
 * @typedef {object} Person
 * @property {System} system
 * @property {string} name
 * @property {string} why
 * @property {string} id
 * @property {string} login
 * @property {string | null} password Null if there is none, or one that is not that of the seed data.
 * @property {Record<string, string>} headers Ready to send.
 * @property {string[]} situations
 * @property {Record<string, any>} credentials
 * @property {Record<string, string>} group
 * @property {boolean} made
 * @property {PersonState} state
 * @typedef {object} NewPerson
 * @property {System} system
 * @property {string} [name]
 * @property {string} [like] The name of a seed person.
 * @property {string} [login]
 * @property {string} [password]
 * @property {string[]} [situations]
 * @property {Record<string, any>} [programme]
 * @property {Record<string, any>} [organisation]
 * @typedef {{login?: string, password?: string, situations?: string[]}} PersonChange
 * @typedef {object} Message
 * @property {number} id
 * @property {System} system
 * @property {string} sentAt In the sandbox's time.
 * @property {"mail" | "text-message"} channel
 * @property {string} to
 * @property {string} subject
 * @property {string} text
 * @property {string[]} codes What a person would copy out of it.
 * @property {string[]} links What a person would click.
 * @typedef {"EMPTY_RESPONSE" | "MALFORMED_RESPONSE_CHUNK" | "RANDOM_DATA_THEN_CLOSE" | "CONNECTION_RESET_BY_PEER"} Connection
 * @typedef {{fixed: Duration} | {lognormal: {median: Duration, sigma: number}}} Delay
 * @typedef {object} FaultEffect
 * @property {{status?: number | string, example?: string}} [answer]
 * @property {Delay} [delay] In real time, whatever the clock does.
 * @property {Connection} [connection]
 * @property {{code: string}} [rpc]
 * @typedef {object} NewFault
 * @property {{operation?: string, system?: System, path?: string, person?: string}} [match]
 * @property {number | null} [times]
 * @property {number} [after]
 * @property {number} [probability]
 * @property {FaultEffect} fault
 * @property {"before" | "after"} [when] `"after"`: the state has changed, and the answer is delayed, replaced or lost.
 * @typedef {NewFault & {id: string, seen: number, hits: number, broughtBy?: "document"}} Fault
 * @typedef {object} EntryFilter
 * @property {string} [operation]
 * @property {System} [system]
 * @property {string | number} [status] `409` or `"4xx"`.
 * @property {string} [code]
 * @property {string} [outcome]
 * @property {string} [rule]
 * @property {string} [person]
 * @property {string} [path]
 * @property {string} [since] A time or the id of an entry.
 * @property {boolean} [unmatched]
 * @property {boolean} [violations]
 * @property {number} [limit]
 * @property {Duration} [wait] For a first one, at most 30 seconds.
 * @typedef {{kind: "rule" | "schema" | "security" | "setting" | "fault", id: string}} Decision
 * @typedef {object} Entry
 * @property {string} id
 * @property {string | null} operation
 * @property {System | null} system
 * @property {string | null} outcome
 * @property {string | null} code
 * @property {string | null} hint
 * @property {string[]} people
 * @property {string} receivedAt
 * @property {string} sandboxTime
 * @property {number} durationMs
 * @property {{method: string, url: string, headers: Record<string, string>, query: Record<string, any>, body: any}} request
 * @property {{status: number, headers: Record<string, string>, body: any}} response
 * @property {{where: string, pointer: string, message: string}[]} violations
 * @property {Decision | null} decidedBy
 * @property {string | null} fault The one that decided.
 * @property {string[]} faults
 * @property {{id: number, to: string, subject: string}[]} mails
 * @property {{kind: string, id: string, fields: string[]}[]} changes
 * @typedef {object} Explanation
 * @property {string} id
 * @property {string | null} operation
 * @property {number} status
 * @property {string | null} code
 * @property {string} sentence Why it was answered so.
 * @property {Decision | null} decidedBy
 * @property {{id: string, sentence: string, grade: string, source: string} | null} rule
 * @property {Record<string, any>} values What the rule compared.
 * @property {string[]} next
 * @typedef {object} RequestChange
 * @property {string} [method]
 * @property {string} [path]
 * @property {Record<string, string | string[] | null>} [query] Null removes a parameter.
 * @property {Record<string, string | null>} [headers] Null removes a header.
 * @property {any} [body] A merge patch for an object; otherwise the whole body, and null for none.
 * @property {any} [replaceBody] The whole body.
 * @property {string} [person] Somebody of the same system who sends it instead.
 * @property {{to?: string, by?: Duration}} [clock] When it is handled; in forks only.
 * @typedef {object} ReplayWish
 * @property {string} [in] `"before"` (the default): a fork as it was just before. `"now"`: a fork as it is.
 *   Otherwise the name of a sandbox.
 * @property {RequestChange} [change]
 * @property {string | null} [proposal] The proposal whose document answers in the fork; null for today's.
 * @typedef {object} AnsweredRequest
 * @property {string | null} id Null if no journal has it.
 * @property {Entry["request"]} request
 * @property {Entry["response"]} response
 * @property {string | null} outcome
 * @property {string | null} code
 * @property {string} sentence Why it was answered so.
 * @property {Decision | null} decidedBy
 * @property {Entry["mails"]} mails
 * @property {Entry["changes"]} changes
 * @typedef {object} Replayed
 * @property {string} in
 * @property {string | null} proposal The proposal whose document answered; null for today's.
 * @property {string} sandboxTime
 * @property {boolean} same Whether both answers are the same, byte for byte.
 * @property {AnsweredRequest} original
 * @property {AnsweredRequest} replayed
 * @property {{where: string, pointer: string, original: any, replayed: any}[]} differences
 * @typedef {{sentence: string, status: number, change: RequestChange}} Cure
 * @typedef {object} WhatIf
 * @property {string} id
 * @property {number} status
 * @property {string | null} code
 * @property {string} sentence What decided.
 * @property {number} tried
 * @property {Cure[]} cures With each of them it would have succeeded, likeliest first.
 * @typedef {{name: string, takenAt: string, sandboxTime: string, messages: number}} Snapshot
 * @typedef {Record<string, any>} State All of a sandbox, with live codes and password hashes: for tests only.
 * @typedef {{id: string, kind: string, subject: string, sentence: string, operations: string[]}} Mutant
 * @typedef {object} Expected
 * @property {string} [operation]
 * @property {{method?: string, path?: string}} [request]
 * @property {string} [person]
 * @property {string | number} [status] `409` or `"4xx"`.
 * @property {any} [body] A part of it.
 * @property {number | {atLeast?: number, atMost?: number}} [count] 1 if it is left out.
 * @typedef {(path: string, options?: {method?: string, query?: object, body?: unknown}) => Promise<any>} Ask
 */

const NAME_LENGTH = 64;
const HASH_LENGTH = 11;

/** What the control API refuses, what does not come in time, or a server that does not answer. */
export class WatchwordError extends Error {
  /**
   * @param {string} message
   * @param {string} code What is wrong, in one word that programs can compare.
   * @param {{status?: number, problem?: Record<string, any>, cause?: unknown}} [more]
   */
  constructor(message, code, { status, problem, cause } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "WatchwordError";
    this.code = code;
    /** The status of the answer; undefined if there was none. */
    this.status = status;
    /** The problem details (RFC 9457) of the answer. */
    this.problem = problem;
  }
}

/** A running server. */
export class Watchword {
  /**
   * @param {string} [url] Its address.
   * @param {{token?: string}} [options] The admin token, if the server has one.
   */
  constructor(url = "http://127.0.0.1:7070", { token } = {}) {
    this.url = url.replace(/\/+$/, "");
    /** @type {Ask} */
    this._ask = asking(this.url, token);
    this._token = token;
  }

  /**
   * Make the sandbox of one test, fresh even if the test has run before.
   *
   * @param {string} testName What is unique for the test, such as its title and its file.
   * @param {{proposal?: string | null}} [options] The proposal whose document describes it; null for today's.
   * @returns {Promise<Sandbox>}
   */
  async sandbox(testName, { proposal = null } = {}) {
    const name = sandboxName(testName);
    const ask = asking(`${this.url}/~${name}`, this._token);
    const box = new Sandbox(this, name, ask);
    const fresh = await ask("/reset", { method: "POST" });
    if (fresh.proposal !== proposal) {
      await box.choose(proposal);
      await box.reset();
    }
    return box;
  }
}

/** The world of one test: its people, mails, clock, faults, settings, requests, snapshots and mutants. */
export class Sandbox {
  /**
   * @param {Watchword} server
   * @param {string} name
   * @param {Ask} ask
   */
  constructor(server, name, ask) {
    this.name = name;
    /** The address with the path prefix of the sandbox. */
    this.url = `${server.url}/~${name}`;
    /** @type {Record<string, string>} The header that names the sandbox, for requests to the server's own address. */
    this.headers = { "Watchword-Sandbox": name };
    this.inbox = new Inbox(ask);
    this.clock = new Clock(ask);
    this.faults = new Faults(ask);
    this.settings = new Settings(ask);
    this.journal = new Journal(ask);
    this.snapshots = new Snapshots(ask);
    this.state = new StateFile(ask);
    this.mutants = new Mutants(ask);
    this._ask = ask;
    this._drop = () => server._ask(`/sandboxes/${name}`, { method: "DELETE" });
    /** @type {(proposal: string | null) => Promise<unknown>} */
    this._choose = (proposal) => server._ask(`/sandboxes/${name}`, { method: "PUT", body: { proposal } });
  }

  /**
   * List the people as they are now.
   *
   * @param {{system?: System, situation?: string}} [filter]
   * @returns {Promise<Person[]>}
   */
  async people(filter = {}) {
    return (await this._ask("/people", { query: filter })).people;
  }

  /**
   * Find a person in all of these situations, and in as few others as possible.
   *
   * @param {System} system
   * @param {...string} situations
   * @returns {Promise<Person>}
   */
  async person(system, ...situations) {
    const all = await this.people({ system });
    const fitting = all.filter((one) => situations.every((word) => one.situations.includes(word)));
    const [found] = fitting.sort((one, other) => one.situations.length - other.situations.length);
    if (found) return found;
    const known = [...new Set(all.flatMap((one) => one.situations))].sort().join(", ");
    const wanted = situations.join(" and ");
    const message = `Nobody of ${system} is ${wanted}. There are: ${known}. makePerson makes people who combine them.`;
    throw new WatchwordError(message, "no-such-person");
  }

  /**
   * Look at the person with a name.
   *
   * @param {System} system
   * @param {string} name
   * @returns {Promise<Person>}
   */
  personNamed(system, name) {
    return this._ask(placeOf({ system, name }));
  }

  /**
   * Make a person by the rules of the system.
   *
   * @param {NewPerson} wish
   * @returns {Promise<Person>}
   */
  makePerson(wish) {
    return this._ask("/people", { method: "POST", body: wish });
  }

  /**
   * Give a person another login, password or situations.
   *
   * @param {{system: System, name: string}} person
   * @param {PersonChange} change
   * @returns {Promise<Person>}
   */
  changePerson(person, change) {
    return this._ask(placeOf(person), { method: "PATCH", body: change });
  }

  /**
   * Remove a person.
   *
   * @param {{system: System, name: string}} person
   * @returns {Promise<void>}
   */
  removePerson(person) {
    return this._ask(placeOf(person), { method: "DELETE" });
  }

  /**
   * List what is going to happen by itself, soonest first.
   *
   * @returns {Promise<Event[]>}
   */
  async agenda() {
    return (await this._ask("/agenda")).events;
  }

  /**
   * Count the requests that are as expected.
   *
   * @param {Expected} expected
   * @returns {Promise<number>}
   * @throws {WatchwordError} There are not so many; the message has the nearest misses.
   */
  async verify(expected) {
    try {
      return (await this._ask("/verify", { method: "POST", body: expected })).count;
    } catch (error) {
      if (!(error instanceof WatchwordError) || error.code !== "not-verified") throw error;
      const misses = await Promise.all((error.problem?.nearest ?? []).map((/** @type {any} */ one) => this._miss(one)));
      const shown = misses.length ? `\nThe nearest:\n${misses.join("\n")}` : "";
      const { code, status, problem } = error;
      throw new WatchwordError(`${problem?.detail ?? error.message}${shown}`, code, { status, problem });
    }
  }

  /**
   * Let the document of a proposal describe the imitated systems here; people, clock, mails and changed settings stay.
   *
   * @param {string | null} proposal Its name; null for today's document.
   * @returns {Promise<void>}
   */
  async choose(proposal) {
    await this._choose(proposal);
  }

  /** Put everything back to the seed data; the proposal stays. @returns {Promise<void>} */
  async reset() {
    await this._ask("/reset", { method: "POST" });
  }

  /** Remove the sandbox. @returns {Promise<void>} */
  async drop() {
    await this._drop();
  }

  /**
   * @param {{id: string, differences: string[]}} near
   * @returns {Promise<string>}
   */
  async _miss({ id, differences }) {
    const entry = await this.journal.entry(id).catch(() => undefined);
    const what = entry ? `${entry.request.method} ${entry.request.url} ${entry.response.status}` : id;
    return `- ${what}: ${differences.join("; ")}`;
  }
}

/** The mails and text messages of a sandbox. */
class Inbox {
  /** @param {Ask} ask */
  constructor(ask) {
    this._ask = ask;
  }

  /**
   * List messages, newest first.
   *
   * @param {{to?: string, after?: Message | number}} [filter] Those to an address, those after a message.
   * @returns {Promise<Message[]>}
   */
  async all(filter = {}) {
    return (await this._ask("/inbox", { query: inboxQuery(filter) })).messages;
  }

  /**
   * Return the newest message, or wait for a first one.
   *
   * @param {{to?: string, after?: Message | number, timeout?: Duration}} [filter]
   *   `after` waits for one that comes after a message; `timeout` is real time, at most 30 seconds.
   * @returns {Promise<Message>}
   * @throws {WatchwordError} `no-message`: none came in time.
   */
  async wait({ timeout = "5s", ...filter } = {}) {
    const { messages } = await this._ask("/inbox", { query: { ...inboxQuery(filter), wait: timeout } });
    if (messages.length) return messages[0];
    const others = [...new Set((await this.all()).map((one) => one.to))];
    const who = filter.to ? ` to ${filter.to}` : "";
    const known = others.length ? `There are messages to: ${others.join(", ")}.` : "This sandbox has no messages.";
    throw new WatchwordError(`No message${who} came within ${timeout}. ${known}`, "no-message");
  }

  /** Delete every message. @returns {Promise<void>} */
  clear() {
    return this._ask("/inbox", { method: "DELETE" });
  }
}

/** The clock of a sandbox, by which tokens, codes, locks and passwords grow old. */
class Clock {
  /** @param {Ask} ask */
  constructor(ask) {
    this._ask = ask;
  }

  /** Read it. @returns {Promise<ClockReading>} */
  read() {
    return this._ask("/clock");
  }

  /** Stop it, now or at a moment. @param {Date | string} [to] */
  freeze(to) {
    return this._act({ action: "freeze", ...(to === undefined ? {} : { to: moment(to) }) });
  }

  /** Let it run on from where it stands. */
  unfreeze() {
    return this._act({ action: "unfreeze" });
  }

  /** Move it to a moment. @param {Date | string} to */
  set(to) {
    return this._act({ action: "set", to: moment(to) });
  }

  /** Move it by a duration, `"PT61M"` or `"61m"`; backwards if that is negative. @param {Duration} by */
  advance(by) {
    return this._act({ action: "advance", by });
  }

  /** Move it to the first instant at which an answer differs. */
  advanceToNext() {
    return this._act({ action: "advance", to: "next" });
  }

  /** Let it run so many times as fast as real time. @param {number} by */
  scale(by) {
    return this._act({ action: "scale", by });
  }

  /** Let it show the real time again. */
  reset() {
    return this._act({ action: "reset" });
  }

  /**
   * @param {object} change
   * @returns {Promise<ClockReading>}
   */
  _act(change) {
    return this._ask("/clock", { method: "PUT", body: change });
  }
}

/** What goes wrong on purpose. */
class Faults {
  /** @param {Ask} ask */
  constructor(ask) {
    this._ask = ask;
  }

  /** Arm one. @param {NewFault} fault @returns {Promise<Fault>} */
  add(fault) {
    return this._ask("/faults", { method: "POST", body: fault });
  }

  /** List those that are armed, oldest first. @returns {Promise<Fault[]>} */
  async all() {
    return (await this._ask("/faults")).faults;
  }

  /** Disarm one. @param {{id: string}} fault @returns {Promise<void>} */
  remove({ id }) {
    return this._ask(`/faults/${encodeURIComponent(id)}`, { method: "DELETE" });
  }

  /** Disarm all. @returns {Promise<void>} */
  clear() {
    return this._ask("/faults", { method: "DELETE" });
  }
}

/** What may be set of the systems. */
class Settings {
  /** @param {Ask} ask */
  constructor(ask) {
    this._ask = ask;
  }

  /** Read those of all systems. @returns {Promise<Record<string, Record<string, any>>>} */
  read() {
    return this._ask("/settings");
  }

  /**
   * Change some of one system; null takes a setting back to its default.
   *
   * @param {System} system
   * @param {Record<string, any>} changes
   * @returns {Promise<Record<string, Record<string, any>>>}
   */
  patch(system, changes) {
    return this._ask("/settings", { method: "PATCH", body: { [system]: changes } });
  }
}

/** The requests of a sandbox, with their answers and the reasons. */
class Journal {
  /** @param {Ask} ask */
  constructor(ask) {
    this._ask = ask;
  }

  /** Find entries, newest first. @param {EntryFilter} [filter] @returns {Promise<Entry[]>} */
  async find(filter = {}) {
    return (await this._ask("/journal", { query: filter })).entries;
  }

  /** Read one. @param {string} [id] @returns {Promise<Entry>} */
  entry(id = "last") {
    return this._ask(`/journal/${encodeURIComponent(id)}`);
  }

  /** Say why one was answered so. @param {Entry | string} [entry] @returns {Promise<Explanation>} */
  explain(entry = "last") {
    return this._ask(`${placeOfEntry(entry)}/explain`);
  }

  /**
   * Answer one once more, changed or not, and compare both answers; with no sandbox named, in a fork.
   *
   * @param {Entry | string} [entry]
   * @param {ReplayWish} [wish]
   * @returns {Promise<Replayed>}
   */
  replay(entry = "last", wish = {}) {
    return this._ask(`${placeOfEntry(entry)}/replay`, { method: "POST", body: wish });
  }

  /**
   * Find changes with which a refused one would have succeeded.
   *
   * @param {Entry | string} [entry]
   * @returns {Promise<WhatIf>}
   */
  whatIf(entry = "last") {
    return this._ask(`${placeOfEntry(entry)}/what-if`);
  }

  /** Forget all. @returns {Promise<void>} */
  clear() {
    return this._ask("/journal", { method: "DELETE" });
  }
}

/** What a sandbox was, to come back to as often as you like. */
class Snapshots {
  /** @param {Ask} ask */
  constructor(ask) {
    this._ask = ask;
  }

  /** Save one. @param {string} [name] A new name if it is left out. @returns {Promise<Snapshot>} */
  save(name) {
    return this._ask("/snapshots", { method: "POST", body: { name } });
  }

  /** Put the sandbox back to one. @param {Snapshot | string} snapshot @returns {Promise<void>} */
  async restore(snapshot) {
    await this._ask(`${placeOfSnapshot(snapshot)}/restore`, { method: "POST" });
  }

  /** List them, oldest first. @returns {Promise<Snapshot[]>} */
  async all() {
    return (await this._ask("/snapshots")).snapshots;
  }

  /** Forget one. @param {Snapshot | string} snapshot @returns {Promise<void>} */
  drop(snapshot) {
    return this._ask(placeOfSnapshot(snapshot), { method: "DELETE" });
  }
}

/** All of a sandbox as one document, which another sandbox or server goes on from. */
class StateFile {
  /** @param {Ask} ask */
  constructor(ask) {
    this._ask = ask;
  }

  /**
   * Write it.
   *
   * @param {{journal?: boolean}} [options] `journal`: with the masked requests, for people to read.
   * @returns {Promise<State>}
   */
  export({ journal } = {}) {
    return this._ask("/state", { query: { journal } });
  }

  /**
   * Put what was exported in the place of this sandbox.
   *
   * @param {State | string} file The document, or its text.
   * @returns {Promise<void>}
   */
  async import(file) {
    const body = typeof file === "string" ? parsed(file) : file;
    if (body === undefined) throw new WatchwordError("The file is not JSON: it must be an export.", "not-a-state");
    await this._ask("/state", { method: "PUT", body });
  }
}

/** What is broken on purpose, to see whether your tests notice. */
class Mutants {
  /** @param {Ask} ask */
  constructor(ask) {
    this._ask = ask;
  }

  /** Let the sandbox have these, and no others. @param {(Mutant | string)[]} mutants @returns {Promise<Mutant[]>} */
  async set(mutants) {
    const ids = mutants.map((one) => (typeof one === "string" ? one : one.id));
    return (await this._ask("/mutants", { method: "PUT", body: { mutants: ids } })).mutants;
  }

  /** List those that the sandbox has. @returns {Promise<Mutant[]>} */
  async all() {
    return (await this._ask("/mutants")).mutants;
  }
}

/**
 * Name a sandbox after a test: readable, and different for every test.
 *
 * @param {string} testName
 * @returns {string} At most 64 characters.
 */
export function sandboxName(testName) {
  const plain = testName.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const slug = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  const shown = slug.slice(0, NAME_LENGTH - HASH_LENGTH - 1).replace(/-$/, "");
  return shown ? `${shown}-${hash(testName)}` : hash(testName);
}

/**
 * @param {string} text
 * @returns {string} 53 bits in eleven letters and digits (cyrb53): no secret, only unlikely to be that of another test.
 */
function hash(text) {
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    high = Math.imul(high ^ point, 2654435761);
    low = Math.imul(low ^ point, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(36).padStart(HASH_LENGTH, "0");
}

/** @param {{system: string, name: string}} person */
const placeOf = ({ system, name }) => `/people/${encodeURIComponent(system)}/${encodeURIComponent(name)}`;

/** @param {Entry | string} entry */
const placeOfEntry = (entry) => `/journal/${encodeURIComponent(typeof entry === "string" ? entry : entry.id)}`;

/** @param {Snapshot | string} snapshot */
const placeOfSnapshot = (snapshot) =>
  `/snapshots/${encodeURIComponent(typeof snapshot === "string" ? snapshot : snapshot.name)}`;

/** @param {Date | string} to */
const moment = (to) => (to instanceof Date ? to.toISOString() : to);

/** @param {{to?: string, after?: Message | number}} filter */
const inboxQuery = ({ to, after }) => ({ to, since: typeof after === "object" ? after.id : after });

/**
 * @param {string} base
 * @param {string | undefined} token
 * @returns {Ask}
 */
function asking(base, token) {
  return async (path, { method = "GET", query = {}, body } = {}) => {
    if (typeof query !== "object" || query === null) {
      const message = `${method} ${path}: a filter is an object, such as { system: "zitadel" }.`;
      throw new WatchwordError(message, "not-a-filter");
    }
    const asked = Object.entries(query).filter(([, value]) => value !== undefined);
    const search = asked.length ? `?${new URLSearchParams(asked.map(([name, value]) => [name, String(value)]))}` : "";
    /** @type {Record<string, string>} */
    const headers = body === undefined ? {} : { "Content-Type": "application/json" };
    if (token) headers.Authorization = `Bearer ${token}`;
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const place = `${base}/__admin${path}`;
    /** @type {Response} */
    let answer;
    try {
      answer = await fetch(`${place}${search}`, { method, headers, body: sent });
    } catch (cause) {
      const message = `${method} ${place}: there was no answer. Is the server running? (watchword serve)`;
      throw new WatchwordError(message, "no-answer", { cause });
    }
    const text = await answer.text();
    if (answer.ok && !text) return undefined;
    const read = parsed(text);
    if (answer.ok && read) return read;
    throw refused(`${method} ${place}`, answer.status, read);
  };
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * @param {string} what
 * @param {number} status
 * @param {any} problem
 */
function refused(what, status, problem) {
  if (typeof problem?.detail !== "string") {
    return new WatchwordError(`${what}: ${status}, and not from the control API of Watchword.`, "not-watchword", { status });
  }
  const wrong = (problem.errors ?? []).map((/** @type {any} */ one) => `\n- ${one.in} ${one.field}: ${one.problem}`);
  const code = problem.code ?? String(status);
  return new WatchwordError(`${what}: ${problem.detail}${wrong.join("")}`, code, { status, problem });
}
