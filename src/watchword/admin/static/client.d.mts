/**
 * Name a sandbox after a test: readable, and different for every test.
 *
 * @param {string} testName
 * @returns {string} At most 64 characters.
 */
export function sandboxName(testName: string): string;
/** What the control API refuses, what does not come in time, or a server that does not answer. */
export class WatchwordError extends Error {
    /**
     * @param {string} message
     * @param {string} code What is wrong, in one word that programs can compare.
     * @param {{status?: number, problem?: Record<string, any>, cause?: unknown}} [more]
     */
    constructor(message: string, code: string, { status, problem, cause }?: {
        status?: number;
        problem?: Record<string, any>;
        cause?: unknown;
    });
    code: string;
    /** The status of the answer; undefined if there was none. */
    status: number | undefined;
    /** The problem details (RFC 9457) of the answer. */
    problem: Record<string, any> | undefined;
}
/** A running server. */
export class Watchword {
    /**
     * @param {string} [url] Its address.
     * @param {{token?: string}} [options] The admin token, if the server has one.
     */
    constructor(url?: string, { token }?: {
        token?: string;
    });
    url: string;
    /** @type {Ask} */
    _ask: Ask;
    _token: string | undefined;
    /**
     * Make the sandbox of one test, fresh even if the test has run before.
     *
     * @param {string} testName What is unique for the test, such as its title and its file.
     * @param {{proposal?: string | null}} [options] The proposal whose document describes it; null for today's.
     * @returns {Promise<Sandbox>}
     */
    sandbox(testName: string, { proposal }?: {
        proposal?: string | null;
    }): Promise<Sandbox>;
}
/** The world of one test: its people, mails, clock, faults, settings, requests, snapshots and mutants. */
export class Sandbox {
    /**
     * @param {Watchword} server
     * @param {string} name
     * @param {Ask} ask
     */
    constructor(server: Watchword, name: string, ask: Ask);
    name: string;
    /** The address with the path prefix of the sandbox. */
    url: string;
    /** @type {Record<string, string>} The header that names the sandbox, for requests to the server's own address. */
    headers: Record<string, string>;
    inbox: Inbox;
    clock: Clock;
    faults: Faults;
    settings: Settings;
    journal: Journal;
    snapshots: Snapshots;
    state: StateFile;
    mutants: Mutants;
    _ask: Ask;
    _drop: () => Promise<any>;
    /** @type {(proposal: string | null) => Promise<unknown>} */
    _choose: (proposal: string | null) => Promise<unknown>;
    /**
     * List the people as they are now.
     *
     * @param {{system?: System, situation?: string}} [filter]
     * @returns {Promise<Person[]>}
     */
    people(filter?: {
        system?: System;
        situation?: string;
    }): Promise<Person[]>;
    /**
     * Find a person in all of these situations, and in as few others as possible.
     *
     * @param {System} system
     * @param {...string} situations
     * @returns {Promise<Person>}
     */
    person(system: System, ...situations: string[]): Promise<Person>;
    /**
     * Look at the person with a name.
     *
     * @param {System} system
     * @param {string} name
     * @returns {Promise<Person>}
     */
    personNamed(system: System, name: string): Promise<Person>;
    /**
     * Make a person by the rules of the system.
     *
     * @param {NewPerson} wish
     * @returns {Promise<Person>}
     */
    makePerson(wish: NewPerson): Promise<Person>;
    /**
     * Give a person another login, password or situations.
     *
     * @param {{system: System, name: string}} person
     * @param {PersonChange} change
     * @returns {Promise<Person>}
     */
    changePerson(person: {
        system: System;
        name: string;
    }, change: PersonChange): Promise<Person>;
    /**
     * Remove a person.
     *
     * @param {{system: System, name: string}} person
     * @returns {Promise<void>}
     */
    removePerson(person: {
        system: System;
        name: string;
    }): Promise<void>;
    /**
     * List what is going to happen by itself, soonest first.
     *
     * @returns {Promise<Event[]>}
     */
    agenda(): Promise<Event[]>;
    /**
     * Count the requests that are as expected.
     *
     * @param {Expected} expected
     * @returns {Promise<number>}
     * @throws {WatchwordError} There are not so many; the message has the nearest misses.
     */
    verify(expected: Expected): Promise<number>;
    /**
     * Let the document of a proposal describe the imitated systems here; people, clock, mails and changed settings stay.
     *
     * @param {string | null} proposal Its name; null for today's document.
     * @returns {Promise<void>}
     */
    choose(proposal: string | null): Promise<void>;
    /** Put everything back to the seed data; the proposal stays. @returns {Promise<void>} */
    reset(): Promise<void>;
    /** Remove the sandbox. @returns {Promise<void>} */
    drop(): Promise<void>;
    /**
     * @param {{id: string, differences: string[]}} near
     * @returns {Promise<string>}
     */
    _miss({ id, differences }: {
        id: string;
        differences: string[];
    }): Promise<string>;
}
export type System = "weavr_multi" | "weavr_payment_run" | "zitadel" | "entrust";
/**
 * `"PT61M"`, `"61m"`, `"800ms"`; a number is seconds.
 */
export type Duration = string | number;
export type ClockReading = {
    now: string;
    frozen: boolean;
    offsetSeconds: number;
    scale: number;
};
export type Event = {
    at: string;
    kind: string;
    system: string;
    person: string | null;
    what: string;
};
export type OutstandingCode = {
    kind: string;
    expiresAt: string | null;
    expired: boolean;
    code: string | null;
};
export type HeldToken = {
    kind: string;
    expiresAt: string | null;
};
export type PersonState = {
    active: boolean;
    locked: boolean;
    lockedUntil: string | null;
    triesLeft: number | null;
    passwordSet: boolean;
    passwordChangedAt: string | null;
    passwordExpiresAt: string | null;
    mustChangePassword: boolean;
    codes: OutstandingCode[];
    tokens: HeldToken[];
};
export type Person = {
    system: System;
    name: string;
    why: string;
    id: string;
    login: string;
    /**
     * Null if there is none, or one that is not that of the seed data.
     */
    password: string | null;
    /**
     * Ready to send.
     */
    headers: Record<string, string>;
    situations: string[];
    credentials: Record<string, any>;
    group: Record<string, string>;
    made: boolean;
    state: PersonState;
};
export type NewPerson = {
    system: System;
    name?: string | undefined;
    /**
     * The name of a seed person.
     */
    like?: string | undefined;
    login?: string | undefined;
    password?: string | undefined;
    situations?: string[] | undefined;
    programme?: Record<string, any> | undefined;
    organisation?: Record<string, any> | undefined;
};
export type PersonChange = {
    login?: string;
    password?: string;
    situations?: string[];
};
export type Message = {
    id: number;
    system: System;
    /**
     * In the sandbox's time.
     */
    sentAt: string;
    channel: "mail" | "text-message";
    to: string;
    subject: string;
    text: string;
    /**
     * What a person would copy out of it.
     */
    codes: string[];
    /**
     * What a person would click.
     */
    links: string[];
};
export type Connection = "EMPTY_RESPONSE" | "MALFORMED_RESPONSE_CHUNK" | "RANDOM_DATA_THEN_CLOSE" | "CONNECTION_RESET_BY_PEER";
export type Delay = {
    fixed: Duration;
} | {
    lognormal: {
        median: Duration;
        sigma: number;
    };
};
export type FaultEffect = {
    answer?: {
        status?: number | string;
        example?: string;
    } | undefined;
    /**
     * In real time, whatever the clock does.
     */
    delay?: Delay | undefined;
    connection?: Connection | undefined;
    rpc?: {
        code: string;
    } | undefined;
};
export type NewFault = {
    match?: {
        operation?: string;
        system?: System;
        path?: string;
        person?: string;
    } | undefined;
    times?: number | null | undefined;
    after?: number | undefined;
    probability?: number | undefined;
    fault: FaultEffect;
    /**
     * `"after"`: the state has changed, and the answer is delayed, replaced or lost.
     */
    when?: "after" | "before" | undefined;
};
export type Fault = NewFault & {
    id: string;
    seen: number;
    hits: number;
    broughtBy?: "document";
};
export type EntryFilter = {
    operation?: string | undefined;
    system?: System | undefined;
    /**
     * `409` or `"4xx"`.
     */
    status?: string | number | undefined;
    code?: string | undefined;
    outcome?: string | undefined;
    rule?: string | undefined;
    person?: string | undefined;
    path?: string | undefined;
    /**
     * A time or the id of an entry.
     */
    since?: string | undefined;
    unmatched?: boolean | undefined;
    violations?: boolean | undefined;
    limit?: number | undefined;
    /**
     * For a first one, at most 30 seconds.
     */
    wait?: Duration | undefined;
};
export type Decision = {
    kind: "rule" | "schema" | "security" | "setting" | "fault";
    id: string;
};
export type Entry = {
    id: string;
    operation: string | null;
    system: System | null;
    outcome: string | null;
    code: string | null;
    hint: string | null;
    people: string[];
    receivedAt: string;
    sandboxTime: string;
    durationMs: number;
    request: {
        method: string;
        url: string;
        headers: Record<string, string>;
        query: Record<string, any>;
        body: any;
    };
    response: {
        status: number;
        headers: Record<string, string>;
        body: any;
    };
    violations: {
        where: string;
        pointer: string;
        message: string;
    }[];
    decidedBy: Decision | null;
    /**
     * The one that decided.
     */
    fault: string | null;
    faults: string[];
    mails: {
        id: number;
        to: string;
        subject: string;
    }[];
    changes: {
        kind: string;
        id: string;
        fields: string[];
    }[];
};
export type Explanation = {
    id: string;
    operation: string | null;
    status: number;
    code: string | null;
    /**
     * Why it was answered so.
     */
    sentence: string;
    decidedBy: Decision | null;
    rule: {
        id: string;
        sentence: string;
        grade: string;
        source: string;
    } | null;
    /**
     * What the rule compared.
     */
    values: Record<string, any>;
    next: string[];
};
export type RequestChange = {
    method?: string | undefined;
    path?: string | undefined;
    /**
     * Null removes a parameter.
     */
    query?: Record<string, string | string[] | null> | undefined;
    /**
     * Null removes a header.
     */
    headers?: Record<string, string | null> | undefined;
    /**
     * A merge patch for an object; otherwise the whole body, and null for none.
     */
    body?: any;
    /**
     * The whole body.
     */
    replaceBody?: any;
    /**
     * Somebody of the same system who sends it instead.
     */
    person?: string | undefined;
    /**
     * When it is handled; in forks only.
     */
    clock?: {
        to?: string;
        by?: Duration;
    } | undefined;
};
export type ReplayWish = {
    /**
     * `"before"` (the default): a fork as it was just before. `"now"`: a fork as it is.
     * Otherwise the name of a sandbox.
     */
    in?: string | undefined;
    change?: RequestChange | undefined;
    /**
     * The proposal whose document answers in the fork; null for today's.
     */
    proposal?: string | null | undefined;
};
export type AnsweredRequest = {
    /**
     * Null if no journal has it.
     */
    id: string | null;
    request: Entry["request"];
    response: Entry["response"];
    outcome: string | null;
    code: string | null;
    /**
     * Why it was answered so.
     */
    sentence: string;
    decidedBy: Decision | null;
    mails: Entry["mails"];
    changes: Entry["changes"];
};
export type Replayed = {
    in: string;
    /**
     * The proposal whose document answered; null for today's.
     */
    proposal: string | null;
    sandboxTime: string;
    /**
     * Whether both answers are the same, byte for byte.
     */
    same: boolean;
    original: AnsweredRequest;
    replayed: AnsweredRequest;
    differences: {
        where: string;
        pointer: string;
        original: any;
        replayed: any;
    }[];
};
export type Cure = {
    sentence: string;
    status: number;
    change: RequestChange;
};
export type WhatIf = {
    id: string;
    status: number;
    code: string | null;
    /**
     * What decided.
     */
    sentence: string;
    tried: number;
    /**
     * With each of them it would have succeeded, likeliest first.
     */
    cures: Cure[];
};
export type Snapshot = {
    name: string;
    takenAt: string;
    sandboxTime: string;
    messages: number;
};
/**
 * All of a sandbox, with live codes and password hashes: for tests only.
 */
export type State = Record<string, any>;
export type Mutant = {
    id: string;
    kind: string;
    subject: string;
    sentence: string;
    operations: string[];
};
export type Expected = {
    operation?: string | undefined;
    request?: {
        method?: string;
        path?: string;
    } | undefined;
    person?: string | undefined;
    /**
     * `409` or `"4xx"`.
     */
    status?: string | number | undefined;
    /**
     * A part of it.
     */
    body?: any;
    /**
     * 1 if it is left out.
     */
    count?: number | {
        atLeast?: number;
        atMost?: number;
    } | undefined;
};
export type Ask = (path: string, options?: {
    method?: string;
    query?: object;
    body?: unknown;
}) => Promise<any>;
/** The mails and text messages of a sandbox. */
declare class Inbox {
    /** @param {Ask} ask */
    constructor(ask: Ask);
    _ask: Ask;
    /**
     * List messages, newest first.
     *
     * @param {{to?: string, after?: Message | number}} [filter] Those to an address, those after a message.
     * @returns {Promise<Message[]>}
     */
    all(filter?: {
        to?: string;
        after?: Message | number;
    }): Promise<Message[]>;
    /**
     * Return the newest message, or wait for a first one.
     *
     * @param {{to?: string, after?: Message | number, timeout?: Duration}} [filter]
     *   `after` waits for one that comes after a message; `timeout` is real time, at most 30 seconds.
     * @returns {Promise<Message>}
     * @throws {WatchwordError} `no-message`: none came in time.
     */
    wait({ timeout, ...filter }?: {
        to?: string;
        after?: Message | number;
        timeout?: Duration;
    }): Promise<Message>;
    /** Delete every message. @returns {Promise<void>} */
    clear(): Promise<void>;
}
/** The clock of a sandbox, by which tokens, codes, locks and passwords grow old. */
declare class Clock {
    /** @param {Ask} ask */
    constructor(ask: Ask);
    _ask: Ask;
    /** Read it. @returns {Promise<ClockReading>} */
    read(): Promise<ClockReading>;
    /** Stop it, now or at a moment. @param {Date | string} [to] */
    freeze(to?: Date | string): Promise<ClockReading>;
    /** Let it run on from where it stands. */
    unfreeze(): Promise<ClockReading>;
    /** Move it to a moment. @param {Date | string} to */
    set(to: Date | string): Promise<ClockReading>;
    /** Move it by a duration, `"PT61M"` or `"61m"`; backwards if that is negative. @param {Duration} by */
    advance(by: Duration): Promise<ClockReading>;
    /** Move it to the first instant at which an answer differs. */
    advanceToNext(): Promise<ClockReading>;
    /** Let it run so many times as fast as real time. @param {number} by */
    scale(by: number): Promise<ClockReading>;
    /** Let it show the real time again. */
    reset(): Promise<ClockReading>;
    /**
     * @param {object} change
     * @returns {Promise<ClockReading>}
     */
    _act(change: object): Promise<ClockReading>;
}
/** What goes wrong on purpose. */
declare class Faults {
    /** @param {Ask} ask */
    constructor(ask: Ask);
    _ask: Ask;
    /** Arm one. @param {NewFault} fault @returns {Promise<Fault>} */
    add(fault: NewFault): Promise<Fault>;
    /** List those that are armed, oldest first. @returns {Promise<Fault[]>} */
    all(): Promise<Fault[]>;
    /** Disarm one. @param {{id: string}} fault @returns {Promise<void>} */
    remove({ id }: {
        id: string;
    }): Promise<void>;
    /** Disarm all. @returns {Promise<void>} */
    clear(): Promise<void>;
}
/** What may be set of the systems. */
declare class Settings {
    /** @param {Ask} ask */
    constructor(ask: Ask);
    _ask: Ask;
    /** Read those of all systems. @returns {Promise<Record<string, Record<string, any>>>} */
    read(): Promise<Record<string, Record<string, any>>>;
    /**
     * Change some of one system; null takes a setting back to its default.
     *
     * @param {System} system
     * @param {Record<string, any>} changes
     * @returns {Promise<Record<string, Record<string, any>>>}
     */
    patch(system: System, changes: Record<string, any>): Promise<Record<string, Record<string, any>>>;
}
/** The requests of a sandbox, with their answers and the reasons. */
declare class Journal {
    /** @param {Ask} ask */
    constructor(ask: Ask);
    _ask: Ask;
    /** Find entries, newest first. @param {EntryFilter} [filter] @returns {Promise<Entry[]>} */
    find(filter?: EntryFilter): Promise<Entry[]>;
    /** Read one. @param {string} [id] @returns {Promise<Entry>} */
    entry(id?: string): Promise<Entry>;
    /** Say why one was answered so. @param {Entry | string} [entry] @returns {Promise<Explanation>} */
    explain(entry?: Entry | string): Promise<Explanation>;
    /**
     * Answer one once more, changed or not, and compare both answers; with no sandbox named, in a fork.
     *
     * @param {Entry | string} [entry]
     * @param {ReplayWish} [wish]
     * @returns {Promise<Replayed>}
     */
    replay(entry?: Entry | string, wish?: ReplayWish): Promise<Replayed>;
    /**
     * Find changes with which a refused one would have succeeded.
     *
     * @param {Entry | string} [entry]
     * @returns {Promise<WhatIf>}
     */
    whatIf(entry?: Entry | string): Promise<WhatIf>;
    /** Forget all. @returns {Promise<void>} */
    clear(): Promise<void>;
}
/** What a sandbox was, to come back to as often as you like. */
declare class Snapshots {
    /** @param {Ask} ask */
    constructor(ask: Ask);
    _ask: Ask;
    /** Save one. @param {string} [name] A new name if it is left out. @returns {Promise<Snapshot>} */
    save(name?: string): Promise<Snapshot>;
    /** Put the sandbox back to one. @param {Snapshot | string} snapshot @returns {Promise<void>} */
    restore(snapshot: Snapshot | string): Promise<void>;
    /** List them, oldest first. @returns {Promise<Snapshot[]>} */
    all(): Promise<Snapshot[]>;
    /** Forget one. @param {Snapshot | string} snapshot @returns {Promise<void>} */
    drop(snapshot: Snapshot | string): Promise<void>;
}
/** All of a sandbox as one document, which another sandbox or server goes on from. */
declare class StateFile {
    /** @param {Ask} ask */
    constructor(ask: Ask);
    _ask: Ask;
    /**
     * Write it.
     *
     * @param {{journal?: boolean}} [options] `journal`: with the masked requests, for people to read.
     * @returns {Promise<State>}
     */
    export({ journal }?: {
        journal?: boolean;
    }): Promise<State>;
    /**
     * Put what was exported in the place of this sandbox.
     *
     * @param {State | string} file The document, or its text.
     * @returns {Promise<void>}
     */
    import(file: State | string): Promise<void>;
}
/** What is broken on purpose, to see whether your tests notice. */
declare class Mutants {
    /** @param {Ask} ask */
    constructor(ask: Ask);
    _ask: Ask;
    /** Let the sandbox have these, and no others. @param {(Mutant | string)[]} mutants @returns {Promise<Mutant[]>} */
    set(mutants: (Mutant | string)[]): Promise<Mutant[]>;
    /** List those that the sandbox has. @returns {Promise<Mutant[]>} */
    all(): Promise<Mutant[]>;
}
export {};
