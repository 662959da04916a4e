import type { Cursor, Host, Page } from '@gatehouse/host';
import type { z } from 'zod';
import type { RecordKind, Records } from './records.ts';

/** A connected program in the Apps menu. */
export interface AppLink {
  /** `vault`, `site` …: says which icon it has. */
  readonly program: string;
  readonly name: string;
  readonly url: string;
}

/** A known limit of a connection that otherwise works. Any caveat turns Connected into Warning. */
export interface Caveat {
  readonly code: string;
  readonly advice: string;
}

/**
 * How a stream ends and what that means.
 * - `full`: the last page has cursor null; that closes a generation, and what was not seen in it is gone.
 * - `delta`: the first read is full; later ones start at the last cursor, which is a watermark, and name what is `gone`.
 *   `fullEvery` says how often a full read is made all the same, because the vendor has no tombstones.
 * - `events`: append only; the last cursor is kept; every read starts `overlapMs` before it and repeats are dropped by id.
 */
export type Reading =
  | { readonly mode: 'full' }
  | { readonly mode: 'delta'; readonly fullEveryMs: number }
  | { readonly mode: 'events' };

export interface Stream<Client, K extends RecordKind = RecordKind> {
  readonly record: K;
  /** The connector that an agent reads it with; left out where the connection itself reads. */
  readonly plugin?: string;
  /** What people call it: "Users". */
  readonly title: string;
  /** The system that has it, where that is not what the connector is called: an agent reads several. */
  readonly system?: string;
  /** The vendor's permission that lets it be read, said when it is missing: "the scope okta.users.read". */
  readonly needs: string;
  readonly reading: Reading;
  /** Milliseconds between scheduled reads. */
  readonly everyMs: number;
  /** Reads from a cursor this stream made, or from the start. A cursor the vendor no longer knows falls back to the start. */
  read(client: Client, from: Cursor | null): AsyncIterable<Page<Records[K]>>;
  /** The cheapest request that shows whether it can be read. Left out: the first page is. */
  probe?(client: Client): Promise<void>;
}

/** A numbered step of the wizard, shown in order; each setting of the schema is entered at exactly one. */
export interface SetupStep<Name extends string = string> {
  readonly title: string;
  /** Short paragraphs or list items of Markdown (bold, code and links). */
  readonly text: readonly string[];
  readonly links?: readonly { readonly title: string; readonly url: string }[];
  /** The settings entered at this step. */
  readonly settings?: readonly Name[];
  /** Shows the addresses from which pulls leave, for the vendor's allow-list. */
  readonly showsEgress?: true;
}

/** A program near the system that reads it and reports; its connection waits for it to register first. */
export interface Agent {
  /** The program of `gatehouse <program>`: "collector". */
  readonly program: string;
}

/**
 * A connector that an agent can run, where the system answers nobody else. `only`: nothing else runs it, so that it is
 * not offered by itself; `also`: it can be connected directly too.
 */
export type Collected = 'only' | 'also';

export interface Connector<Config extends z.ZodType = z.ZodType, Client = unknown> {
  /** Folder name, URL segment, docs slug and database value. Never changes. */
  readonly id: string;
  readonly name: string;
  /** One sentence for the list of available connectors. */
  readonly summary: string;
  /** The only description of the settings. Validation, console form and docs derive from it. */
  readonly config: Config;
  readonly setup: readonly SetupStep<keyof z.input<Config> & string>[];
  /** Presence is capability: an agent reads it, and its streams are those of the connectors that the agent can run. */
  readonly agent?: Agent;
  /** Left out: no agent runs it. */
  readonly collected?: Collected;
  readonly streams: Readonly<Record<string, Stream<Client>>>;
  /** What the connection points at, for lists: `acme.okta.com`. No secret. */
  point(config: z.output<Config>): string;
  /** Words about values that are mended on the way, for example a domain without its `-admin`. */
  notes?(config: z.output<Config>): readonly string[];
  /** The program that people use there, for the Apps menu; left out where the system is none of ours or the vendor's. */
  app?(config: z.output<Config>): AppLink;
  /** Builds a client. No traffic, no side effects. */
  connect(config: z.output<Config>, host: Host): Client;
  /** Returning means reachable and authorized. Anything else is a thrown Fault. */
  check(client: Client): Promise<readonly Caveat[]>;
  /**
   * Presence is capability: ends what the system keeps open for a client, such as a session. Called once, when nobody
   * uses the client any more; not after an abort, when nothing can be sent. What it throws is of no consequence.
   */
  disconnect?(client: Client): Promise<void>;
}

export const defineConnector = <Config extends z.ZodType, Client>(connector: Connector<Config, Client>) => connector;

/** Types one stream by its record kind; the connector's record of streams keeps them apart. */
export const stream = <Client, K extends RecordKind>(definition: Stream<Client, K>): Stream<Client> =>
  definition as unknown as Stream<Client>;

/**
 * A connector whose settings and client only it knows: the one place where the types are erased. `never` in argument
 * position accepts every connector; whoever runs one hands back what it made itself.
 */
export interface AnyConnector {
  readonly id: string;
  readonly name: string;
  readonly summary: string;
  readonly config: z.ZodType;
  readonly setup: readonly SetupStep[];
  readonly agent?: Agent;
  readonly collected?: Collected;
  readonly streams: Readonly<Record<string, Stream<never>>>;
  point(config: never): string;
  notes?(config: never): readonly string[];
  app?(config: never): AppLink;
  connect(config: never, host: Host): unknown;
  check(client: never): Promise<readonly Caveat[]>;
  disconnect?(client: never): Promise<void>;
}

/** The other way, for the one who runs it: hands `connect` what `config` parsed, and streams the client they were made for. */
export const erased = (connector: AnyConnector): Connector => connector as unknown as Connector;

/** What `disconnect` throws is of no consequence: whatever was kept open ends by itself, and what was read is read. */
export const letGo = async (connector: Connector, client: unknown, { signal }: Host): Promise<void> => {
  if (!signal.aborted) await connector.disconnect?.(client).catch(() => undefined);
};
