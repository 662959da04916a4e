import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, type NetConnectOpts } from 'node:net';
import { join } from 'node:path';
import { makeServerCertificate } from './certificates.ts';
import { auditLogOf, kerberosConfiguration, sambaConfiguration, sysvolOf } from './configuration.ts';
import { unpackImage } from './image.ts';
import { type Place, takePlace } from './place.ts';
import { accounts, dnOf } from './seed/accounts.ts';
import {
  administratorPassword,
  base,
  controller,
  dnsDomain,
  domainSid,
  netbiosDomain,
  password,
  realm,
} from './seed/names.ts';
import type { Size } from './seed/seed.ts';

export { noSamba } from './no-samba.ts';

/** A running controller of the sample forest. */
export interface Domain extends AsyncDisposable {
  /** As an administrator would enter it: "ldaps://dc1.corp.example:636". No resolver knows the name: see `address`. */
  readonly url: string;
  /** Where it listens: 389, 636, 3268, 3269, 88, 464 and 445. The certificate is good for it as well. */
  readonly address: string;
  /** PEM of the authority that the server's certificate is from, and the file that holds it. */
  readonly ca: string;
  readonly caFile: string;
  readonly names: {
    readonly realm: string;
    readonly dns: string;
    readonly netbios: string;
    readonly base: string;
    readonly controller: string;
    readonly sid: string;
  };
  readonly administrator: Login;
  /** Domain Users, and may read deleted objects. */
  readonly reader: Login;
  /** Domain Users, no more. */
  readonly plainReader: Login;
  /** What seeded ages count back from. */
  readonly seededAt: Date;
  /** A file of JSON lines among others: see `readAuditLog`. It exists from the first event on. */
  readonly auditLog: string;
  /** The folder that the file server shows as `sysvol`. */
  readonly sysvol: string;
  /** For KRB5_CONFIG. */
  readonly kerberosConfiguration: string;
  /** Ends every process and removes the copy. `await using` does the same. */
  stop(): Promise<void>;
}

export interface Login {
  /** sAMAccountName. */
  readonly name: string;
  readonly dn: string;
  readonly userPrincipalName: string;
  readonly password: string;
}

export interface DomainOptions {
  /** `large` has 20,000 people and is made on demand, for minutes. */
  readonly size?: Size;
  readonly certificate?: 'valid' | 'expired';
}

/**
 * Starts a copy of the sample forest on a loopback address of its own: seconds from the cache, half a minute when it
 * must be made. Tests that use it are named `*.samba.test.ts` and skipped where `noSamba()` gives a reason.
 */
export const startDomain = async ({ size = 'small', certificate = 'valid' }: DomainOptions = {}): Promise<Domain> => {
  const place = await takePlace();
  try {
    const { address, folder } = place;
    const seededAt = await unpackImage(size, folder);
    const kerberos = join(folder, 'krb5.conf');
    writeFileSync(join(folder, 'smb.conf'), sambaConfiguration(folder, address));
    writeFileSync(kerberos, kerberosConfiguration(address));
    await makeServerCertificate(join(folder, 'tls'), controller, address, certificate);
    place.start();
    await listening(place);
    const caFile = join(folder, 'tls', 'ca.pem');
    return {
      url: `ldaps://${controller}:636`,
      address,
      ca: readFileSync(caFile, 'utf8'),
      caFile,
      names: { realm, dns: dnsDomain, netbios: netbiosDomain, base, controller, sid: domainSid },
      administrator: login('Administrator', `CN=Administrator,CN=Users,${base}`, administratorPassword),
      reader: login(accounts.reader.name, dnOf(accounts.reader), password),
      plainReader: login(accounts.plainReader.name, dnOf(accounts.plainReader), password),
      seededAt,
      auditLog: auditLogOf(folder),
      sysvol: sysvolOf(folder),
      kerberosConfiguration: kerberos,
      stop: place.release,
      [Symbol.asyncDispose]: place.release,
    };
  } catch (error) {
    await place.release();
    throw error;
  }
};

const login = (name: string, dn: string, password: string): Login => ({
  name,
  dn,
  userPrincipalName: `${name}@${dnsDomain}`,
  password,
});

const deadlineMs = 60_000;

/** Until LDAP, Kerberos and the file server accept connections, and winbindd, whom the file server asks who somebody is. */
const listening = async ({ address, folder, ended }: Place): Promise<void> => {
  let over = false;
  void ended.then(() => {
    over = true;
  });
  const doors = [
    ...[636, 88, 445].map((port) => ({ host: address, port })),
    { path: join(folder, 'run', 'winbindd', 'pipe') },
  ];
  const deadline = Date.now() + deadlineMs;
  for (const door of doors)
    while (!(await accepts(door))) {
      if (over) throw new Error(`The domain controller did not start. ${logOf(folder)}`);
      if (Date.now() > deadline) throw new Error(`Nothing listens on ${JSON.stringify(door)}. ${logOf(folder)}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
};

const accepts = (door: NetConnectOpts): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(door);
    const answer = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });

const logOf = (folder: string): string => {
  const log = join(folder, 'log', 'samba.log');
  return existsSync(log) ? readFileSync(log, 'utf8').slice(-2_000) : '';
};
