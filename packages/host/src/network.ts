import { Fault } from '@gatehouse/kernel';
import type { Answered } from './fetch-at.ts';
import { bounded } from './redact.ts';
import { faultOf, Refused } from './words.ts';

/** What a broken connection means. `cause` is what `fetch` threw, or the stall that ended it. */
export const networkFault = (
  system: string,
  request: string,
  cause: unknown,
): { fault: Fault; code: string; transient: boolean } => {
  if (typeof cause === 'object' && cause !== null && 'stalledMs' in cause) {
    const isEndless = 'isEndless' in cause && cause.isEndless === true;
    const what = isEndless ? 'an answer had no end after' : 'nothing was heard for';
    const detail = `${request}: ${what} ${Number(cause.stalledMs) / 1_000} s`;
    return { fault: faultOf('unreachable', system, detail), code: 'stalled', transient: true };
  }
  const code = codeOf(cause);
  const detail = bounded(`${request}: ${code}`);
  const words = code.includes('CERT') || code.includes('SIGNATURE') || code.includes('TLS') ? untrusted : known[code];
  const fault =
    words === undefined ? faultOf('unreachable', system, detail) : new Fault('unreachable', words(system), detail);
  return { fault, code, transient: words !== untrusted };
};

/** A redirect is refused: it would carry the credentials elsewhere, and a right address has none. */
export const redirectFault = (
  system: string,
  request: string,
  response: Pick<Answered, 'status' | 'headers'>,
  from: URL,
): Fault => {
  const target = URL.parse(response.headers.get('location') ?? '', from);
  const where = target === null ? 'another address' : target.origin === from.origin ? 'another path' : target.origin;
  return new Fault(
    'misconfigured',
    `The address of ${system} redirects to ${bounded(where, 200)}. Enter the address that it ends at.`,
    bounded(`${request} -> ${response.status}, refused to follow to ${where}`),
    // With its status, because a system may say in this way that a thing has another name now.
    { cause: new Refused(response.status) },
  );
};

const untrusted = (system: string) =>
  `The certificate of ${system} is not trusted here. Check the address, or install the certificate authority on this server.`;

const known: Readonly<Record<string, (system: string) => string>> = {
  ENOTFOUND: (system) => `The address of ${system} is not known. Check its spelling.`,
  ECONNREFUSED: (system) => `${system} refused the connection. Check the address and the port.`,
};

/** The code of a network error (`ECONNRESET`, `UND_ERR_SOCKET`), which has neither headers nor addresses in it. */
const codeOf = (error: unknown): string => {
  let link = error;
  let code = '';
  for (let i = 0; i < 5 && link instanceof Error; i++) {
    if ('code' in link && typeof link.code === 'string') code = link.code;
    link = link instanceof AggregateError ? link.errors[0] : link.cause;
  }
  return code === '' ? 'the connection broke' : code;
};
