import { z } from 'zod';

/** Where a site takes Jump Clients. A channel's id stands behind `channels`. */
export const jumpPaths = {
  enrol: '/api/jump-client/enrol',
  line: '/api/jump-client/line',
  channels: '/api/jump-client/channels',
  /** GET: the signed manifest of the version that is offered; its files are below. */
  release: '/api/jump-client/release',
} as const;
export const lineProtocol = 'gatehouse-jump-line.v1';
export const channelProtocol = 'gatehouse-jump-channel.v1';
/** The versions that this code speaks, the best one first. */
export const jumpVersions: readonly number[] = [1];

export const jumpLimits = {
  /** Of one message of a line or a channel. */
  messageBytes: 262_144,
  /** Of one part of what a channel carries. */
  partBytes: 65_536,
  /** Requests that one side works on at once. */
  requests: 64,
  /** Channels of one Jump Client at once. */
  channels: 64,
  /** Entries of one answer to `list`. */
  entries: 500,
  /** A ping has to be answered in this time, and proof has to be given. */
  answerMs: 10_000,
} as const;

/** Codes with which a line is closed, and what the Jump Client makes of them. */
export const lineClosings = {
  /** The site knows no such Jump Client, or its key is another one. */
  unknown: 4401,
  locked: 4403,
  /** The same Jump Client connected anew. */
  replaced: 4409,
  /** It was unpinned: it removes its key and ends. */
  unpinned: 4410,
  silent: 4408,
} as const;

const text = (most: number) => z.string().max(most);
const name = z.string().min(1).max(255);
const Version = z.string().regex(/^\d{1,5}\.\d{1,5}\.\d{1,5}$/);

/** The file of a version that Node.js starts. */
export const jumpProgram = 'jump-client.mjs';

/** What a Jump Client says of its machine, and of what it lets be done there. */
export const AboutMachine = z.object({
  version: Version,
  hostname: name,
  fqdn: name.nullable(),
  operatingSystem: z.string().min(1).max(200),
  privateIp: text(64).nullable(),
  /** Who is signed in at the machine. */
  consoleUser: text(128).nullable(),
  installMode: z.enum(['user', 'service']),
  allows: z.object({
    shell: z.boolean(),
    files: z.boolean(),
    /** Other hosts of its network. */
    hosts: z.boolean(),
  }),
});
export type AboutMachine = z.output<typeof AboutMachine>;

/** Exchanges the key of an installer for the right to prove oneself with a key that never leaves the machine. */
export const Enrolment = z.strictObject({
  installerKey: z.string().min(20).max(200),
  /** 32 bytes of Ed25519, in base64. */
  publicKey: z.string().regex(/^[A-Za-z0-9+/]{43}=$/),
  about: AboutMachine,
  /** What the installer lets be said here. */
  name: text(128).optional(),
  tag: text(64).optional(),
  comments: text(1_024).optional(),
  /** The code name of a Jump Group. */
  jumpGroup: text(64).optional(),
});
export type Enrolment = z.output<typeof Enrolment>;

export const Enrolled = z.object({
  clientKey: z.uuid(),
  name: z.string(),
  /** The key that signs versions; one that another key signed is not started. */
  releaseKey: z.string().regex(/^[A-Za-z0-9+/]{43}=$/),
});
export type Enrolled = z.output<typeof Enrolled>;

const size = { columns: z.int().min(1).max(1_000), rows: z.int().min(1).max(1_000) };
/** A path of the machine: absolute, as its system writes it. */
const Path = z.string().min(1).max(4_096);

/** What a channel carries. */
export const ChannelUse = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('shell'), term: z.string().regex(/^[\w.+-]{1,40}$/), ...size }),
  z.object({ kind: z.literal('read'), path: Path }),
  z.object({ kind: z.literal('write'), path: Path, replaces: z.boolean() }),
  z.object({ kind: z.literal('tcp'), host: z.string().min(1).max(253), port: z.int().min(1).max(65_535) }),
]);
export type ChannelUse = z.output<typeof ChannelUse>;

export const FileEntry = z.object({
  name: z.string().min(1).max(1_024),
  kind: z.enum(['file', 'folder', 'link', 'other']),
  size: z.int().min(0),
  modifiedAt: z.iso.datetime().nullable(),
});
export type FileEntry = z.output<typeof FileEntry>;

/** Every request of a line. All but `ping` and `leave` are the site's. */
export const jumpMethods = {
  /** The first one: nothing else is answered before it. */
  prove: {
    params: z.object({
      challenge: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
      versions: z.array(z.int().min(1)).min(1).max(20),
    }),
    result: z.object({
      clientKey: z.uuid(),
      signature: z.string().regex(/^[A-Za-z0-9+/]{86}==$/),
      version: z.int().min(1),
      about: AboutMachine,
    }),
  },
  /** It was let in. */
  welcome: {
    params: z.object({
      ...{ name: text(128), site: text(253), pingMs: z.int().min(100).max(600_000) },
      /** The version that is offered; null: none. */
      offers: Version.nullable(),
    }),
    result: z.object({}),
  },
  ping: { params: z.object({}), result: z.object({}) },
  /** The Jump Client is uninstalled: it is pinned no more. */
  leave: { params: z.object({}), result: z.object({}) },
  /** Opens a channel to `jumpPaths.channels`, once what it is for is there. `bytes`: of a file that is read. */
  open: {
    params: z.object({ channel: z.uuid(), token: z.string().regex(/^[A-Za-z0-9_-]{43}$/), use: ChannelUse }),
    result: z.object({ bytes: z.int().min(0).nullable() }),
  },
  /** A folder, by name; `after` is the last name of the page before. An empty path is where people begin. */
  list: {
    params: z.object({ path: z.string().max(4_096), after: z.string().max(1_024) }),
    result: z.object({
      path: z.string().max(4_096),
      entries: z.array(FileEntry).max(jumpLimits.entries),
      more: z.boolean(),
    }),
  },
} as const;
export type JumpMethod = keyof typeof jumpMethods;
export type JumpParams<M extends JumpMethod> = z.output<(typeof jumpMethods)[M]['params']>;
export type JumpResult<M extends JumpMethod> = z.output<(typeof jumpMethods)[M]['result']>;

/** Texts among the bytes of a channel. */
export const ChannelNote = z.discriminatedUnion('type', [
  /** Nothing more comes from this side. */
  z.object({ type: z.literal('end') }),
  /** Of a shell, from the site. */
  z.object({ type: z.literal('resize'), ...size }),
  /** All of it was written. */
  z.object({ type: z.literal('written'), bytes: z.int().min(0) }),
  z.object({ type: z.literal('failed'), kind: z.string().max(40), advice: z.string().max(1_000) }),
]);
export type ChannelNote = z.output<typeof ChannelNote>;
