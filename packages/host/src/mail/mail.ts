import type { Secret } from '@gatehouse/kernel';
import type { MailAddress } from './addresses.ts';

/** `tls`: from the first byte. `starttls`: encrypted before anything but the greeting is said. `none`: readable on the way. */
export type MailSecurity = 'tls' | 'starttls' | 'none';

/** A server that takes mail, and how it is reached. */
export interface MailServer {
  /** The server as people know it, for "the mail server refused …". */
  readonly system: string;
  readonly host: string;
  readonly port: number;
  readonly security: MailSecurity;
  /** Null: the server takes mail from here without a sign-in. */
  readonly account: { readonly name: string; readonly password: Secret } | null;
  /** Said by an administrator: the password may go over a line that anybody on it can read. Default false. */
  readonly allowsPlainPassword?: boolean;
  /** The only certificate authorities that are trusted, PEM. Default: those of Node and of this machine. */
  readonly certificateAuthorities?: string;
  /** Where the name of `host` leads, checked by the caller. */
  readonly addresses?: readonly string[];
  readonly bounds?: Partial<MailBounds>;
}

export interface MailBounds {
  /** Milliseconds to the connection and the greeting, each. Default 10,000. */
  readonly connectMs: number;
  /** Milliseconds that one mail or one test takes altogether. Default 60,000. */
  readonly totalMs: number;
  /** Largest mail, in characters of text and HTML together. Default 2,000,000. */
  readonly mostCharacters: number;
}

export interface Mail {
  /** A UUID. The same mail said again has the same one, so that who gets it twice can tell. */
  readonly id: string;
  readonly from: MailAddress;
  readonly to: readonly MailAddress[];
  /** One line. */
  readonly subject: string;
  readonly text: string;
  /** The same with formatting; made safe by the caller. */
  readonly html?: string;
  /** Nobody wrote it: programs that answer by themselves leave it alone. */
  readonly isAutomatic?: boolean;
}

export interface MailSent {
  /** What the server said, for operators. */
  readonly answer: string;
  /** Addresses that the server did not take; the others have it. */
  readonly refused: readonly string[];
}

/** Each call is a connection of its own, signed in and closed again. Everything that fails throws a MailFault. */
export interface Mailer {
  /** Connects and signs in, and sends nothing. */
  check(): Promise<void>;
  /** Resolves once the server has taken the mail for at least one address. Not tried again here. */
  send(mail: Mail): Promise<MailSent>;
}
