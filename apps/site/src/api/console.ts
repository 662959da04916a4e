import { z } from 'zod';
import { ReachItem } from './reach.ts';
import { text } from './shape.ts';
import { ListQuery, listOf } from './site.ts';

const When = z.iso.datetime();
const ItemType = ReachItem.shape.type;
/** What sessions are with. */
export const EndpointType = z.enum(['jump-client', ...ItemType.options]);
export interface EndpointId {
  readonly type: z.output<typeof EndpointType>;
  readonly id: number;
}
export const ItemId = z.object({ type: ItemType, id: z.coerce.number().int().min(1).max(2_147_483_647) });

/** GET /api/console/items (signed in): what this person sees, favourites first, then by name. */
export const ConsoleItemsQuery = ListQuery.extend({ favourites: z.stringbool().default(false) });
export const ConsoleItem = ReachItem.omit({ ecmGroupId: true, jumpPolicyId: true, sessionPolicyId: true }).extend({
  isFavourite: z.boolean(),
  /** When this person last opened a session with it. */
  lastUsedAt: When.nullable(),
  /** Live sessions with it, whoever has them. */
  live: z.int(),
});
export const ConsoleItems = listOf(ConsoleItem);
export type ConsoleItem = z.output<typeof ConsoleItem>;

/** PUT /api/console/favourites/:type/:id: true or false. */
export const FavouriteInput = z.strictObject({ isFavourite: z.boolean() });

/** What a person has to do before a session begins, and what holds in it. */
export const Conditions = z.object({
  reasonRequired: z.boolean(),
  ticketRequired: z.boolean(),
  /** A code of the person's authenticator app is asked for each time. */
  secondFactorRequired: z.boolean(),
  approval: z.object({
    state: z.enum(['not-needed', 'needed', 'waiting', 'approved', 'denied']),
    /** Who decides, in words of the administrator; empty: nobody said. */
    approvers: z.string(),
    /** Until when an approval lasts. */
    until: When.nullable(),
  }),
  isRecorded: z.boolean(),
  /** Null: no limit. */
  idleMinutes: z.int().nullable(),
  limitMinutes: z.int().nullable(),
});
export type Conditions = z.output<typeof Conditions>;

/** `waiting`: somebody has to approve the credential; the site asks again by itself. */
export const SessionState = z.enum(['opening', 'waiting', 'open', 'ended']);

/** Live sessions of others with an item, and what that means for one more. */
export const Others = z.object({
  /**
   * `own`: everybody has one of their own. `join`: one joins theirs. `no-join`: the policy says so, and the protocol cannot,
   * so everybody has one of their own. `disallow`: one has to wait.
   */
  rule: z.enum(['own', 'join', 'no-join', 'disallow']),
  sessions: z.array(z.object({ id: z.uuid(), person: z.string(), state: SessionState, since: When })),
});
export type Others = z.output<typeof Others>;

/** GET /api/console/items/:type/:id */
export const ConsoleItemDetail = ConsoleItem.extend({
  conditions: Conditions,
  others: Others,
  /** As a person may type one themselves where no vault has any. */
  suggestedUsername: z.string(),
});

/** GET /api/console/items/:type/:id/credentials: asks the vault; the best first. */
export const CredentialList = z.object({
  credentials: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(['password', 'ssh-key', 'ssh-certificate']),
      username: z.string(),
      label: z.string(),
      needsApproval: z.boolean(),
      isRecommended: z.boolean(),
    }),
  ),
  truncated: z.boolean(),
});

/** POST /api/console/items/:type/:id/approvals, /api/console/jump-clients/:id/approvals: asks for an approval. */
export const ApprovalInput = z.strictObject({ reason: text(1_000, 1).trim(), ticket: text(200).trim().default('') });
/** GET /api/console/approvals: those this person asked for, and those they may decide. */
export const Approval = z.object({
  id: z.string(),
  item: z.object({ type: EndpointType, id: z.int(), name: z.string() }),
  person: z.string(),
  reason: z.string(),
  ticket: z.string(),
  state: z.enum(['waiting', 'approved', 'denied', 'expired']),
  askedAt: When,
  decidedBy: z.string().nullable(),
  decidedAt: When.nullable(),
  comment: z.string(),
  until: When.nullable(),
  mayDecide: z.boolean(),
});
export const Approvals = z.object({ items: z.array(Approval), next: z.null() });
/** POST /api/console/approvals/:id */
export const DecisionInput = z.strictObject({ approve: z.boolean(), comment: text(1_000).trim().default('') });

/** How a session ended. */
export const Ending = z.enum([
  /** Its person closed it. */
  'left',
  /** The endpoint did: a log-out, for example. */
  'remote',
  'administrator',
  'idle',
  'limit',
  'schedule',
  /** Its person may not any more: signed out, switched off. */
  'access',
  /** It never opened, or broke; `problem` says why. */
  'failed',
  /** The site stopped while it was open. */
  'site',
]);
export type Ending = z.output<typeof Ending>;

/** Somebody who was in the session of another. */
export const Participant = z.object({
  ...{ userId: z.int(), username: z.string(), name: z.string(), reason: z.string(), ticket: z.string() },
  ...{ joinedAt: When, leftAt: When.nullable() },
});
export type Participant = z.output<typeof Participant>;

/** A session, as its person and administrators see it. Nothing in it is secret. */
export const Session = z.object({
  id: z.uuid(),
  /** Joins it with the audit of the site, of the ECM and of the vault. */
  correlationId: z.string(),
  state: SessionState,
  item: z.object({ type: ItemType, id: z.int(), name: z.string(), hostname: z.string() }),
  jumpGroup: z.string().nullable(),
  person: z.object({ userId: z.int(), username: z.string(), name: z.string() }),
  /** Who joined it, in order; they typed in it too, with the account that its person opened it with. */
  participants: z.array(Participant),
  /** Null: the person typed a user name and a password. */
  credential: z.string().nullable(),
  /** The account at the endpoint; empty until it is known. */
  account: z.string(),
  reason: z.string(),
  ticket: z.string(),
  requestedAt: When,
  openedAt: When.nullable(),
  endedAt: When.nullable(),
  ending: Ending.nullable(),
  endedBy: z.string().nullable(),
  /** What to do about it: of a failure, or of what it waits for. */
  problem: z.string().nullable(),
  /** The key or certificate by which the endpoint was known, `SHA256:…`. */
  hostKey: z.string().nullable(),
  /** First use: nobody had seen the endpoint's key before this session. */
  hostKeyIsNew: z.boolean(),
  /** `removed`: it was kept as long as recordings of its kind are. */
  recording: z.enum(['none', 'running', 'kept', 'broken', 'removed']),
  recordedBytes: z.int(),
  /** When the limit of the session ends it. */
  limitAt: When.nullable(),
  /** Of what may be done in it. */
  rules: z.object({
    upload: z.boolean(),
    download: z.boolean(),
    clipboard: z.boolean(),
    idleMinutes: z.int().nullable(),
  }),
});
export type Session = z.output<typeof Session>;
/**
 * One that a person had, or joined. Files, the recording and the end are its person's; a guest leaves. `left`: a guest who
 * is in it no longer.
 */
export const OwnSession = Session.extend({ role: z.enum(['person', 'guest', 'left']) });

/** POST /api/console/sessions → 201 Session, `opening`. Its socket says how it goes on. */
export const SessionInput = z.strictObject({
  item: ItemId,
  credential: z.discriminatedUnion('from', [
    z.strictObject({ from: z.literal('vault'), id: text(500, 1) }),
    z.strictObject({ from: z.literal('person'), username: text(256), password: text(1_000) }),
  ]),
  reason: text(1_000).trim().default(''),
  ticket: text(200).trim().default(''),
  /** Of the authenticator app, where it is required. */
  code: text(20).trim().default(''),
});

/**
 * POST /api/console/sessions/:id/join: into the session of somebody else, where the Jump policy of the item says so → 200
 * OwnSession. POST /api/console/sessions/:id/leave: out of it → 204.
 */
export const JoinInput = SessionInput.pick({ reason: true, ticket: true, code: true });

/**
 * GET /api/console/sessions: the person's own, newest first. GET /api/console/sessions/:id: one of them.
 * POST /api/console/sessions/:id/end: 204.
 * GET /api/console/sessions/export.csv, /api/sessions/export.csv: all that match, as CSV.
 * GET /api/sessions, /api/sessions/:id, POST /api/sessions/:id/end (system administrator): of everybody.
 */
export const SessionsQuery = z.object({
  cursor: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  search: text(200).trim().optional(),
  live: z.stringbool().optional(),
});
/** `held`: those that an administrator keeps whatever the retention says. */
export const AllSessionsQuery = SessionsQuery.extend({ held: z.stringbool().optional() });
export const Sessions = listOf(Session);
export const OwnSessions = listOf(OwnSession);

/**
 * WebSocket /api/console/sessions/:id/socket: text is JSON, one of these, each with the state at first. Bytes are what the
 * terminal shows, and what is typed. Connecting again takes the place of the page before (`taken`).
 */
export type SessionMessage =
  | { readonly type: 'session'; readonly session: Session }
  /** Something took longer, or needs attention; for the person. */
  | { readonly type: 'note'; readonly note: string }
  /** Begins with an empty terminal of this size. */
  | { readonly type: 'terminal'; readonly columns: number; readonly rows: number }
  | { readonly type: 'watched'; readonly by: readonly string[] }
  /** Everybody who joined it and is in it now. */
  | { readonly type: 'joined'; readonly by: readonly string[] }
  /** To guests: the window of its person has another size now. */
  | { readonly type: 'size'; readonly columns: number; readonly rows: number }
  /** To a guest, as the last thing: why they are in it no longer. */
  | { readonly type: 'dismissed'; readonly words: string }
  | { readonly type: 'idle'; readonly endsInSeconds: number }
  /** The site is there. The next message comes within so long, so that a page which hears nothing knows that it is cut off. */
  | { readonly type: 'beat'; readonly nextMs: number }
  | { readonly type: 'taken' };
export const SessionRequest = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('resize'), columns: z.int().min(1).max(1_000), rows: z.int().min(1).max(1_000) }),
  /** The person is there. */
  z.strictObject({ type: z.literal('stay') }),
]);
export type SessionRequest = z.output<typeof SessionRequest>;

/**
 * WebSocket /api/console/sessions/:id/desktop: RFB for VNC, RDCleanPath and RDP for RDP, as bytes, once the session is
 * `open`. Every connection signs in to the endpoint anew.
 */

/** GET /api/console/sessions/:id/files?path= (SFTP of a shell session); empty: the account's home. */
export const FilesQuery = z.object({ path: text(4_096).default('') });
export const FileList = z.object({
  /** Absolute. */
  path: z.string(),
  entries: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(['file', 'folder', 'link', 'other']),
      bytes: z.number(),
      mode: z.int(),
      modifiedAt: When,
    }),
  ),
  /** There are more than 5,000. */
  truncated: z.boolean(),
});
/**
 * GET …/files/content?path=: the file, as a download.
 * PUT …/files/content?path=&replace=: its content as `application/octet-stream` → 204; 409 where it is there already.
 * POST …/files/folders {path}; POST …/files/rename {from, to}; DELETE …/files?path=: → 204.
 */
export const FileInput = z.object({ path: text(4_096, 1), replace: z.stringbool().default(false) });
export const FolderInput = z.strictObject({ path: text(4_096, 1) });
export const RenameInput = z.strictObject({ from: text(4_096, 1), to: text(4_096, 1) });

/**
 * GET /api/sessions/:id/recording (its person, or a system administrator): shells as asciicast v2
 * (`application/x-asciicast`), desktops as `application/vnd.gatehouse.desktop` (see recordings/desktop-format.ts).
 * With `follow` the answer goes on for as long as the session does: that is how a live session is watched.
 * With `download` it has a file name; VNC as `rfb` comes as FBS 001.000.
 */
export const RecordingQuery = z.object({
  follow: z.stringbool().default(false),
  download: z.stringbool().default(false),
  as: z.enum(['own', 'rfb', 'text']).default('own'),
});
/** GET /api/sessions/:id/recording/search?query=: where it is on the screen, by time; at most 200. */
export const RecordingSearchQuery = z.object({ query: text(200, 1) });
export const RecordingHits = z.object({
  items: z.array(z.object({ atMs: z.int(), line: z.string() })),
  truncated: z.boolean(),
});

/** GET, PUT /api/session-policies/:id/rules (system administrator); 1 is the default policy. */
export const SessionRules = z.strictObject({
  reasonRequired: z.boolean(),
  /** A session in which its person does nothing ends after so many minutes. */
  idleMinutes: z.int().min(1).max(10_080).nullable(),
  /** Every session ends after so many minutes. */
  limitMinutes: z.int().min(1).max(10_080).nullable(),
  upload: z.boolean(),
  download: z.boolean(),
  /** Largest file that goes either way, in MiB. */
  fileMegabytes: z.int().min(1).max(102_400),
  clipboard: z.boolean(),
  /** What is typed is recorded too: passwords among it. */
  recordInput: z.boolean(),
});
export type SessionRules = z.output<typeof SessionRules>;

/** GET /api/host-keys?search= (system administrator); DELETE /api/host-keys/:id: the next key is taken as the first. */
export const HostKeys = listOf(
  z.object({
    id: z.string(),
    endpoint: z.string(),
    protocol: z.enum(['ssh', 'rdp', 'vnc']),
    fingerprint: z.string(),
    firstSeenAt: When,
    lastSeenAt: When,
  }),
);
