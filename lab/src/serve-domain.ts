import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAuthority, type FakeController, openController } from '@gatehouse/connectors/active-directory/fake';
import { Fault } from '@gatehouse/kernel';
import { makeDomain } from './domain.ts';
import { openSecurityLog } from './domain-events.ts';
import { writeSysvol } from './domain-files.ts';
import type { LabOrganisation } from './organisation.ts';
import type { LabPerson } from './people.ts';

/** The domain of the sample organisation, on a domain controller of its own. */
export interface ServedDomain {
  readonly url: string;
  /** What a person would enter when they install a collector. */
  readonly settings: Readonly<
    Record<'controllers' | 'bindName' | 'password' | 'certificateAuthorities' | 'sysvol' | 'eventFolder', string>
  >;
  /** Somebody signs in now, and a controller writes it down. */
  signIn(person: LabPerson, at: Date): void;
  close(): Promise<void>;
}

/** Who the collector is in this domain; nobody but this machine can reach it. */
const account = {
  names: ['gatehouse@meridianfreight.example', 'MERIDIAN\\gatehouse'],
  password: 'sample-organisation',
};
const usual = { ldaps: 8_493, ldap: 8_494 };

/** At the port and with the certificates of the first start, because the collector remembers both. */
export const serveDomain = async (lab: LabOrganisation, folder: string): Promise<ServedDomain> => {
  const path = join(folder, 'domain.json');
  const known = existsSync(path) ? read(path) : null;
  const identity = known ?? makeIdentity();
  const open = (ports: { ldaps: number; ldap: number }) =>
    openController(makeDomain(lab), {
      ...{ host: 'dc1.meridianfreight.example', accounts: [account], ports },
      authority: { certificate: identity.authority, issue: () => identity.server },
    });
  const controller = await open(known?.ports ?? usual).catch((cause: unknown) => {
    if (known === null) return open({ ldaps: 0, ldap: 0 });
    throw new Fault(
      'misconfigured',
      `The port ${known.ports.ldaps} or ${known.ports.ldap} of the sample organisation’s domain is taken by another program. End that program, or leave the sample out with --no-lab.`,
      undefined,
      { cause },
    );
  });
  const log = openSecurityLog(lab, folder);
  const ports = { ldaps: portOf(controller.ldaps), ldap: portOf(controller.ldap) };
  if (known === null) writeFileSync(path, JSON.stringify({ ...identity, ports }), { mode: 0o600 });
  return {
    url: `ldaps://127.0.0.1:${ports.ldaps}`,
    settings: {
      ...{
        controllers: `ldaps://127.0.0.1:${ports.ldaps}`,
        bindName: account.names[0] ?? '',
        password: account.password,
      },
      ...{ certificateAuthorities: identity.authority, sysvol: writeSysvol(lab, folder), eventFolder: log.folder },
    },
    signIn: log.signIn,
    close: () => controller.stop(),
  };
};

interface Identity {
  readonly authority: string;
  readonly server: { readonly certificate: string; readonly privateKey: string };
}

const makeIdentity = (): Identity => {
  const authority = createAuthority('Meridian Freight (sample)');
  const names = ['dc1.meridianfreight.example', '127.0.0.1'];
  const notAfter = new Date(Date.now() + 3_650 * 86_400_000);
  return { authority: authority.certificate, server: authority.issue({ names, notAfter }) };
};

/** A file of our own making. */
const read = (path: string) =>
  JSON.parse(readFileSync(path, 'utf8')) as Identity & {
    readonly ports: { readonly ldaps: number; readonly ldap: number };
  };

const portOf = (url: FakeController['ldaps']) => Number(/:(\d+)$/.exec(url)?.[1]);
