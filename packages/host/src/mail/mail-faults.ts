import { Fault, type FaultKind } from '@gatehouse/kernel';
import { bounded, redact } from '../redact.ts';

/** What went wrong, for whoever decides whether the mail is tried again. */
export type MailProblem =
  | 'no connection'
  | 'certificate'
  | 'no encryption'
  | 'account'
  | 'sender'
  /** This mail will never be taken, whoever sends it and when. */
  | 'recipient'
  | 'message'
  /** The server takes it another time. */
  | 'later'
  /** Nobody knows whether the server has it. */
  | 'unknown';

export class MailFault extends Fault {
  readonly problem: MailProblem;

  constructor(
    of: { kind: FaultKind; advice: string; detail: string; problem: MailProblem },
    options?: { cause?: unknown },
  ) {
    super(of.kind, of.advice, bounded(of.detail), options);
    this.problem = of.problem;
  }
}

/** The problem behind an error; null for any other error. */
export const mailProblemOf = (error: unknown): MailProblem | null =>
  error instanceof MailFault ? error.problem : null;

/** What the library threw, in words. What the server said is masked by `secrets`, because servers repeat what they refuse. */
export const toMailFault = (
  error: unknown,
  of: {
    readonly system: string;
    readonly place: string;
    readonly secrets: readonly string[];
    /** The whole mail went out, so silence does not mean that the server has nothing. */
    readonly isHandedOver: boolean;
  },
): MailFault => {
  const { system, place, secrets, isHandedOver } = of;
  const { code, command, status, said } = partsOf(error);
  const problem = isHandedOver && status === 0 ? 'unknown' : problemOf(code, command, status);
  const [kind, advice] = meanings[problem];
  const detail = `${place} ${command} -> ${redact([code, status || '', said].filter(Boolean).join(' '), secrets)}`;
  // The library's error stays behind: it carries what was sent.
  return new MailFault({ kind, advice: advice(system, place), detail, problem });
};

const problemOf = (code: string, command: string, status: number): MailProblem => {
  if (/CERT|ISSUER|SIGNATURE|CHAIN|ALTNAME/.test(code)) return 'certificate';
  if (code === 'ETLS' || /^ERR_(SSL|TLS)|EPROTO/.test(code)) return 'no encryption';
  if (status >= 400 && status < 500) return code === 'EAUTH' && status !== 421 && status !== 454 ? 'account' : 'later';
  if (code === 'EAUTH' || code === 'ENOAUTH') return 'account';
  if (status >= 500) {
    if (command === 'MAIL FROM') return 'sender';
    if (command === 'RCPT TO') return 'recipient';
    if (command === 'DATA') return 'message';
  }
  return 'no connection';
};

type Meaning = readonly [FaultKind, (system: string, place: string) => string];

const meanings: Readonly<Record<MailProblem, Meaning>> = {
  'no connection': [
    'unreachable',
    (system, place) =>
      `${system} did not answer at ${place}, or not as a mail server does. Check the address, the port, the kind of encryption and any firewall between here and there.`,
  ],
  certificate: [
    'misconfigured',
    (system) =>
      `The certificate of ${system} is not trusted here, is not valid now or has another name. Enter the certificate of the authority that issued it, and the name that stands in it.`,
  ],
  'no encryption': [
    'misconfigured',
    (system) =>
      `${system} did not encrypt the line, so nothing was sent. STARTTLS is usually at port 587 and TLS at port 465.`,
  ],
  account: [
    'unauthorized',
    (system) => `${system} refused the user name or the password, or takes none of them here. Check both.`,
  ],
  sender: [
    'misconfigured',
    (system) => `${system} does not send for this sender address. Enter one that the account may use.`,
  ],
  recipient: ['forbidden', (system) => `${system} does not take mail for this address.`],
  message: ['forbidden', (system) => `${system} refused the message. The log of this server says what it said.`],
  later: ['throttled', (system) => `${system} takes the mail another time.`],
  unknown: ['unreachable', (system) => `The connection to ${system} was lost before it said whether it has the mail.`],
};

interface Parts {
  readonly code: string;
  readonly command: string;
  readonly status: number;
  readonly said: string;
}

/** What of an error of the library decides: its code, the command it was in, and what the server answered. */
const partsOf = (error: unknown): Parts => {
  if (!(error instanceof Error)) return { code: '', command: '', status: 0, said: '' };
  const read = (name: string): unknown => Reflect.get(error, name);
  const text = (name: string) => (typeof read(name) === 'string' ? String(read(name)) : '');
  const status = read('responseCode');
  return {
    // The code of the library hides the one of the network or of TLS, which says more.
    code: text('originalCode') || text('code'),
    command: text('command'),
    status: typeof status === 'number' ? status : 0,
    said: text('response') || error.message,
  };
};
