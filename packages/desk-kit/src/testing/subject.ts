import { createHost, type LogLine } from '@gatehouse/host';
import { type AnyDesk, type Desk, erasedDesk } from '../desk.ts';
import type { LogicalField } from '../ticket.ts';

/** What the contract is tried on: a real desk, or a fake of one. */
export interface Subject {
  readonly desk: AnyDesk;
  open(): Promise<DeskUnderTest>;
}

/** A desk that is up, and what an administrator of it can do behind the adapter's back. */
export interface DeskUnderTest extends AsyncDisposable {
  readonly origin: string;
  /** Good settings as a person enters them, for a desk at this origin: every field mapped, a probe ticket named. */
  settings(origin: string): Settings;
  /** The same with a credential that opens nothing. */
  readonly wrongCredential: Settings;
  /** The same with this credential, whatever it is. */
  withCredential(credential: string): Settings;
  /** The same with one field mapped to what the desk does not have; not the session ids. */
  readonly unknownField: { readonly field: LogicalField; readonly settings: Settings };
  /** The same with an account each that lacks one right, and the step of the check that finds it. */
  readonly rights: readonly { readonly right: string; readonly step: string; readonly settings: Settings }[];
  /** The same with an account that may read everything and change no field. */
  readonly readOnly: Settings;
  /** Values of settings that must be in no log line, error or result. */
  readonly secrets: readonly string[];
  /** A new ticket of the customer; gives its number. */
  makeTicket(subject: string): Promise<string>;
  /** Changes something of a ticket that no field is mapped to. */
  touch(number: string): Promise<void>;
  /** Presence is capability: puts the first ticket into the second. */
  merge?(number: string, into: string): Promise<void>;
  remove(number: string): Promise<void>;
  /** Everybody who is there for `findPeople`: one login, one address of one person, and one of two where that can be. */
  readonly people: { readonly login: string; readonly email: string; readonly sharedEmail: string | null };
  /** Notes and replies of a ticket as an administrator reads them. */
  notes(number: string): Promise<readonly NoteSeen[]>;
  /** Everything that the customer of a ticket can read of it by the desk's own ways. */
  readAsCustomer(number: string): Promise<string>;
  /** Has somebody else write a note with this text. */
  writeAsOther(number: string, text: string): Promise<void>;
}

export type Settings = Readonly<Record<string, unknown>>;

export interface NoteSeen {
  readonly id: string;
  readonly isInternal: boolean;
  /** As the desk keeps it. */
  readonly body: string;
}

/** A promise that every adapter keeps. `prove` throws an error that says which part is broken. */
export interface Check {
  readonly name: string;
  prove(subject: Subject, under: DeskUnderTest): Promise<void>;
}

/** One process that runs the adapter, with everything that it logged. */
export interface Process {
  readonly controller: AbortController;
  readonly log: readonly LogLine[];
  readonly desk: Desk;
  readonly client: unknown;
}

export const processOf = ({ desk: any }: Subject, settings: Settings): Process => {
  const controller = new AbortController();
  const log: LogLine[] = [];
  const host = createHost({
    signal: controller.signal,
    attempts: 2,
    retryMs: 2_000,
    log: (line) => void log.push(line),
  });
  const desk = erasedDesk(any);
  return { controller, log, desk, client: desk.connect(desk.config.parse(settings), host) };
};

export function claim(holds: boolean, broken: string): asserts holds {
  if (!holds) throw new Error(broken);
}

/** A session id as sites make them, another each time. */
export const newSession = (): string => crypto.randomUUID().replaceAll('-', '');
