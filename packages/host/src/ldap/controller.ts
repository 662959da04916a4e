import { Fault } from '@gatehouse/kernel';

/** One domain controller that may be connected to. */
export interface Controller {
  /** Host name and port, as people write them. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** `tls`: encrypted from the first byte. `startTls`: upgraded before anything else is said. */
  readonly encryption: 'tls' | 'startTls';
}

/** Throws a `misconfigured` Fault for what is no such address, and for an empty list. */
export const toControllers = (system: string, urls: readonly string[]): readonly Controller[] => {
  if (urls.length === 0) throw new Fault('misconfigured', `Enter at least one domain controller of ${system}.`);
  return urls.map((text) => {
    const url = URL.parse(text);
    const encryption = url === null ? undefined : encryptions[url.protocol];
    const isPlain =
      url !== null &&
      url.hostname !== '' &&
      /^\/?$/.test(url.pathname) &&
      `${url.username}${url.password}${url.search}${url.hash}` === '';
    if (!isPlain || encryption === undefined) {
      throw new Fault(
        'misconfigured',
        `The address of a domain controller of ${system} is not one. Enter it like ldaps://dc1.example:636, or ldap://dc1.example:389 for StartTLS.`,
      );
    }
    const host = decodeURIComponent(url.hostname)
      .replace(/^\[(.*)\]$/, '$1')
      .toLowerCase();
    const port = url.port === '' ? (encryption === 'tls' ? 636 : 389) : Number(url.port);
    return { name: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`, host, port, encryption };
  });
};

const encryptions: Readonly<Record<string, Controller['encryption']>> = { 'ldaps:': 'tls', 'ldap:': 'startTls' };
