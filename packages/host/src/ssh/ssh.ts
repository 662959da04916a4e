import type { Duplex } from 'node:stream';
import type { Secret } from '@gatehouse/kernel';
import type { SshFiles } from './ssh-files.ts';

/**
 * One signed-in SSH connection. Whatever fails is a Fault: `unreachable`, `unauthorized`, `forbidden`, `misconfigured`
 * or `unexpected`; `sshProblemOf` says more. No Fault repeats a secret.
 */
export interface Ssh {
  /** The key that the host proved to have. */
  readonly hostKey: HostKey;
  /** What the host said before the sign-in was over, at most 4,000 characters; untrusted text. */
  readonly said: string;
  /** Resolves when the connection is over, whoever ended it. */
  readonly closed: Promise<void>;
  /**
   * Runs one command to its end. Never put a secret into `command`: the host's process list shows it. Throws a Fault when
   * the connection is cut before the end, so that nobody knows what the command did.
   */
  exec(command: string, options?: ExecOptions): Promise<ExecResult>;
  /** A login shell, or one command, on a terminal. */
  terminal(options: TerminalOptions): Promise<SshTerminal>;
  /** Opens file transfer (SFTP). */
  files(): Promise<SshFiles>;
  /** Signs off. Harmless when it is closed already. */
  close(): void;
}

export interface SshOptions {
  /** Name or address; nothing ever connects elsewhere. */
  readonly host: string;
  /** Default 22. */
  readonly port?: number;
  /** The system's name as people know it. */
  readonly system: string;
  /** Where `host` leads, checked by the caller: connects there and looks no name up itself. */
  readonly addresses?: readonly string[];
  readonly account: string;
  readonly trust: HostTrust;
  readonly proof: SshProof;
  readonly bounds?: Partial<SshBounds>;
  /** Another way there than a connection from this machine: through a Jumpoint. @throws Fault */
  dial?(): Promise<Duplex>;
}

/** Which host is the right one. It is settled before anything about the account is said. */
export type HostTrust =
  /** Fingerprints as OpenSSH prints them, `SHA256:…`; better with the key's type before it: `ssh-ed25519 SHA256:…`. */
  | { readonly kind: 'pinned'; readonly fingerprints: readonly string[] }
  /** First use: the caller looks at the key and says whether to go on. The host has proved to have it once `Ssh` is there: keep it then. */
  | { readonly kind: 'first-use'; onHostKey(key: HostKey): boolean | Promise<boolean> };

export interface HostKey {
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa` … */
  readonly type: string;
  /** `SHA256:` and 43 characters of Base64, as OpenSSH prints it. */
  readonly fingerprint: string;
  /** The public key as it stands in a known_hosts file, without its type. */
  readonly base64: string;
}

export type SshProof =
  | {
      readonly kind: 'password';
      readonly password: Secret;
      /** Answers what is asked after the password: a second factor, or a new password for an expired one. */
      readonly answer?: Answerer;
    }
  | {
      readonly kind: 'key';
      /** In OpenSSH's own form or in PEM (RSA, EC). */
      readonly privateKey: Secret;
      readonly passphrase: Secret | null;
      /** A certificate of the key, one line as OpenSSH writes it: Ed25519 or RSA. */
      readonly certificate?: string;
    };

/** One answer for each prompt; null ends the sign-in. */
export type Answerer = (question: SshQuestion) => readonly Secret[] | null | Promise<readonly Secret[] | null>;

/** What a host asks in the middle of a sign-in. All of it is untrusted text. */
export interface SshQuestion {
  /** 1 for the first question after the password. */
  readonly round: number;
  readonly instructions: string;
  readonly prompts: readonly { readonly text: string; readonly isHidden: boolean }[];
}

export interface SshBounds {
  /** Milliseconds until the host has shown its key. Default 10,000. */
  readonly connectMs: number;
  /** Milliseconds from there until it let the account in, the caller's part in it included. Default 30,000. */
  readonly signInMs: number;
  /** Milliseconds of silence after which the host is asked for a sign of life. Default 15,000. */
  readonly keepAliveMs: number;
  /** Such questions without an answer until the connection counts as lost. Default 3. */
  readonly keepAliveTries: number;
}

export interface ExecOptions {
  /** Written to the command, then closed. */
  readonly stdin?: Secret | string;
  /** Default 30,000. Then it is a Fault; the command itself ends when it next reads or writes. */
  readonly timeoutMs?: number;
  /** Of both outputs together. More is a Fault. Default 1 MiB. */
  readonly maxBytes?: number;
}

export interface ExecResult {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export interface TerminalOptions {
  /** Terminal type: `xterm-256color`. */
  readonly term: string;
  readonly size: TerminalSize;
  /** Runs this instead of the login shell. */
  readonly command?: string;
  /** Milliseconds until the host has given the terminal. Default 30,000. */
  readonly timeoutMs?: number;
}

/** What is typed goes in, what is shown comes out; both sides wait for a slow reader. */
export interface SshTerminal {
  readonly stream: Duplex;
  /** Columns and rows are at least 1 and at most 10,000. */
  resize(size: TerminalSize): void;
  /** How it ended; `code` and `signal` are both null when the connection was cut. */
  readonly ended: Promise<Pick<ExecResult, 'code' | 'signal'>>;
  close(): void;
}
