import type { Host } from '@gatehouse/host';
import type { z } from 'zod';
import type { Step } from './check.ts';
import type { Note } from './note.ts';
import type { DeskPerson, FieldResult, FieldValues, LogicalField, Ticket } from './ticket.ts';

/** What becomes of a write. `stale`: somebody changed the ticket since that version. `gone`: there is no such ticket. */
export type Written<Done> =
  | ({ readonly state: 'done' } & Done)
  | { readonly state: 'stale'; readonly ticket: Ticket }
  | { readonly state: 'gone' };

/** `found`: it stood there already, this revision of it or a later one. */
export type NoteWritten = Written<{ readonly id: string; readonly how: 'added' | 'updated' | 'found' }>;
export type FieldsWritten = Written<{ readonly results: readonly FieldResult[]; readonly ticket: Ticket }>;

/** Null takes the ticket as it is. */
export type IfVersion = string | null;

export type PersonQuestion = { readonly login: string } | { readonly email: string };

/** A ticket that a session makes. */
export interface Draft {
  readonly subject: string;
  readonly html: string;
  /** The customer's address; null where nobody knows it. */
  readonly email: string | null;
  /** The queue, team or project; null: the one that the settings name. */
  readonly group: string | null;
  readonly fields: FieldValues;
}

/** What a desk posts to the desk program, proven to be from it. */
export interface Notice {
  readonly ticket: string;
  readonly what: 'created' | 'changed';
}

/** A request to the desk program, as it arrived; names of headers in lower case. */
export interface HeardRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** Presence is capability: what a desk cannot do is absent. Everything that fails throws a Fault. */
export interface Desk<Config extends z.ZodType = z.ZodType, Client = unknown> {
  /** Folder name and database value. Never changes. */
  readonly id: string;
  readonly name: string;
  readonly summary: string;
  /** The only description of the settings; they hold the mapping of fields. */
  readonly config: Config;
  readonly notes: {
    /** Whether people see a note with its formatting. */
    readonly form: 'html' | 'text';
    /** Whether a later revision takes the place of the earlier note or follows it. */
    readonly revisions: 'replace' | 'follow';
  };
  /**
   * Who compares versions: the desk, so that nothing comes between, or the adapter just before it writes, because the
   * desk cannot.
   */
  readonly versions: 'desk' | 'adapter';
  /** What an administrator of the desk does before the settings are entered: chapters of its page, in Markdown. */
  readonly guide: readonly { readonly title: string; readonly lines: readonly string[] }[];
  /** Builds a client. No traffic, no side effects. */
  connect(config: z.output<Config>, host: Host): Client;
  /** What is tried when settings are tested, in order. See `checkDesk`. */
  check(client: Client): readonly Step[];
  /** By number or id, as people enter it; follows merges. Null: there is none, or this account must not see it. */
  findTicket(client: Client, key: string): Promise<Ticket | null>;
  /** Those whose field holds exactly this value, which the adapter has looked at itself; at most 50. */
  findTicketsByField(client: Client, field: LogicalField, value: string): Promise<readonly Ticket[]>;
  /** Nobody, one or several: whoever asks decides what several mean. At most 20. */
  findPeople(client: Client, by: PersonQuestion): Promise<readonly DeskPerson[]>;
  /** Each field by itself. What became of it is read back: desks say that all is well when they did nothing. */
  setFields(client: Client, ticket: string, values: FieldValues, ifVersion: IfVersion): Promise<FieldsWritten>;
  /** A note that customers do not see. Idempotent by its marker; a marker that somebody else wrote counts for nothing. */
  addNote(client: Client, ticket: string, note: Note, ifVersion: IfVersion): Promise<NoteWritten>;
  createTicket?(client: Client, draft: Draft): Promise<Ticket>;
  /** Null where the desk does not let the ticket go there. */
  transition?(
    client: Client,
    ticket: string,
    status: string,
    ifVersion: IfVersion,
  ): Promise<Written<{ readonly ticket: Ticket; readonly isDenied: boolean }>>;
  /** Sends to the customer of a ticket by the desk's own mail, and keeps it there for both to see. */
  reply?(
    client: Client,
    ticket: string,
    mail: { readonly subject: string; readonly html: string },
  ): Promise<NoteWritten>;
  /** Whether the settings let `reply` be used. Left out: they always do. */
  mayReply?(client: Client): boolean;
  /** Ids of tickets that changed after the cursor, and the next cursor; null begins now. Ids may come again. */
  changesSince?(
    client: Client,
    cursor: string | null,
  ): Promise<{ readonly tickets: readonly string[]; readonly cursor: string }>;
  /** What a request of the desk says; null where nothing proves that it is from this desk, or recently. */
  hear?(client: Client, request: HeardRequest): Promise<Notice | null>;
  /** What an administrator of the desk runs once, made from the settings; running it again changes nothing. */
  setUp?(config: z.output<Config>, around: SetUpAround): SetUp | Promise<SetUp>;
}

/** What a set-up has to know of the desk program. */
export interface SetUpAround {
  /** Where the desk program hears of changes; null: it asks instead. */
  readonly webhookUrl: string | null;
  /** Where the action links of a ticket lead; the number of the ticket is put in the place of `{ticket}`. Null: none. */
  readonly startUrl: string | null;
}

/** May hold a secret: it is shown once to whoever may read the settings, and kept nowhere. */
export interface SetUp {
  readonly fileName: string;
  readonly text: string;
  /** Lines for a shell on the desk's machine, with the file in the current folder. */
  readonly commands: readonly string[];
}

export const defineDesk = <Config extends z.ZodType, Client>(desk: Desk<Config, Client>) => desk;

/** A desk whose settings and client only it knows: the one place where the types are erased. */
export interface AnyDesk extends Omit<Desk<z.ZodType, never>, 'connect' | 'setUp'> {
  connect(config: never, host: Host): unknown;
  setUp?(config: never, around: SetUpAround): SetUp | Promise<SetUp>;
}

/** The other way, for the one who runs it: hands `connect` what `config` parsed, and the rest the client it made. */
export const erasedDesk = (desk: AnyDesk): Desk => desk as unknown as Desk;
