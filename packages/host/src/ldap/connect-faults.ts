import type { FaultKind } from '@gatehouse/kernel';
import { bounded } from '../redact.ts';
import type { Controller } from './controller.ts';
import { LdapFault } from './result-faults.ts';

/** What it means that a controller could not be connected to, or that the connection could not be encrypted. */
export const connectFault = (system: string, controller: Controller, cause: unknown, now: Date): LdapFault => {
  const code = codeOf(cause);
  const { name, host } = controller;
  const fault = (kind: FaultKind, advice: string) => {
    // What a certificate or a setting is does not change while a run waits.
    const again = kind === 'misconfigured' || code.startsWith('CERT_') ? 'others' : 'elsewhere';
    return new LdapFault({ kind, advice, detail: `${name} connect: ${code}`, again, problem: code }, { cause });
  };
  const words = wordsOf[code];
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const names = namesOf(cause);
    const whose = names === '' ? 'for no name that can be compared' : `for ${names}`;
    return fault(
      'misconfigured',
      `The certificate of ${host} at ${system} is ${whose}. Enter the controller by a name that its certificate has.`,
    );
  }
  if (words !== undefined) return fault(words.kind, words.advice(system, controller, now));
  if (/CERT|ISSUER|SIGNATURE|CRL|CHAIN/.test(code)) {
    return fault(
      'misconfigured',
      `The certificate of ${host} at ${system} is not trusted here. Enter the certificate of the authority that signed it.`,
    );
  }
  if (/SSL|TLS|EPROTO/.test(code)) {
    return fault(
      'misconfigured',
      `${name} at ${system} does not speak TLS as it must. Check the port: 636 is for ldaps://, 389 for ldap://.`,
    );
  }
  return fault(
    'unreachable',
    `${name} at ${system} did not answer. Check the address, and any firewall between here and there.`,
  );
};

/** The controller does not upgrade a plain connection, so nothing else is said on it. */
export const startTlsFault = (system: string, { name }: Controller, said: string): LdapFault =>
  new LdapFault({
    kind: 'misconfigured',
    advice: `${name} at ${system} refused to encrypt the connection (StartTLS), so no password was sent. Give the controller a certificate, or enter its ldaps:// address.`,
    detail: `${name} StartTLS -> ${bounded(said, 500)}`,
    again: 'others',
    problem: 'StartTLS refused',
  });

const wordsOf: Readonly<
  Record<string, { kind: FaultKind; advice: (system: string, controller: Controller, now: Date) => string }>
> = {
  CERT_HAS_EXPIRED: {
    kind: 'unreachable',
    advice: (system, { host }, now) =>
      `The certificate of ${host} at ${system} has expired. Renew it there; the clock of this server says ${clockOf(now)}.`,
  },
  CERT_NOT_YET_VALID: {
    kind: 'unreachable',
    advice: (system, { host }, now) =>
      `The certificate of ${host} at ${system} is not valid yet. Compare the clocks of both servers: this one says ${clockOf(now)}.`,
  },
  ENOTFOUND: {
    kind: 'unreachable',
    advice: (system, { host }) =>
      `The name ${host} of ${system} is not known. Check its spelling, and the name servers that this server asks.`,
  },
  EAI_AGAIN: {
    kind: 'unreachable',
    advice: (system, { host }) =>
      `No name server told where ${host} of ${system} is. Check the name servers of this server.`,
  },
  ECONNREFUSED: {
    kind: 'unreachable',
    advice: (system, { name }) => `${name} at ${system} refused the connection. Check the address and the port.`,
  },
  timeout: {
    kind: 'unreachable',
    advice: (system, { name }) =>
      `${name} at ${system} did not answer in time. Check the address, and any firewall between here and there.`,
  },
};

const clockOf = (now: Date): string => `${now.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** The names in the certificate, as the error carries them: `DNS:dc2.corp.example, IP Address:10.0.0.2`. */
const namesOf = (cause: unknown): string => {
  if (typeof cause !== 'object' || cause === null || !('cert' in cause)) return '';
  const { cert } = cause;
  if (typeof cert !== 'object' || cert === null || !('subjectaltname' in cert)) return '';
  const text = typeof cert.subjectaltname === 'string' ? cert.subjectaltname : '';
  return bounded(text.replace(/(^|, )(?:DNS|IP Address):/g, '$1'), 200);
};

/** The code of a network or TLS error, which has nothing secret in it. */
const codeOf = (error: unknown): string => {
  let link = error;
  let code = '';
  for (let i = 0; i < 5 && link instanceof Error; i++) {
    if ('code' in link && typeof link.code === 'string') code = link.code;
    link = link instanceof AggregateError ? link.errors[0] : link.cause;
  }
  return code === '' ? 'the connection broke' : code;
};
