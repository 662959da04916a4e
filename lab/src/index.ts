import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fakeGithub } from '@gatehouse/connectors/github/fake';
import { fakeOkta } from '@gatehouse/connectors/okta/fake';
import { Fault } from '@gatehouse/kernel';
import { makeGithub } from './github.ts';
import { makeOkta } from './okta.ts';
import { oktaEvent } from './okta-events.ts';
import { makeOrganisation } from './organisation.ts';
import { type ServedDomain, serveDomain } from './serve-domain.ts';
import { type SshOrWhyNot, serveSsh } from './ssh/serve-ssh.ts';

export type { ServedSsh } from './ssh/serve-ssh.ts';

/** The running sample organisation: fake vendors over real HTTP on loopback. */
export interface Lab {
  readonly name: string;
  readonly ownedDomains: readonly string[];
  readonly adminAccountPattern: string;
  /** For the table of addresses. */
  readonly programs: readonly { readonly name: string; readonly url: string }[];
  /** What a person would enter in the wizard. */
  readonly connections: readonly {
    readonly connector: string;
    readonly name: string;
    readonly settings: Readonly<Record<string, unknown>>;
  }[];
  /** What a person would enter when they install a collector for its domain. */
  readonly domain: ServedDomain['settings'];
  /** A Linux server with one account; left out where it was not asked for. */
  readonly ssh?: SshOrWhyNot;
  close(): Promise<void>;
}

/** Milliseconds between two events of everyday life. */
const everydayMs = 20_000;

/**
 * Serves it. Its birth and its keys are kept in `<home>/lab`, so that every start serves the same organisation at the
 * same addresses and only time goes by.
 */
export const startLab = async ({ home, withSsh = false }: { home: string; withSsh?: boolean }): Promise<Lab> => {
  const folder = join(home, 'lab');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const born = new Date(kept(join(folder, 'born'), () => new Date().toISOString()));
  const lab = makeOrganisation(born);
  const okta = makeOkta(lab);
  const fakes = {
    okta: fakeOkta(okta, { privateKey: key(join(folder, 'okta.pem')) }),
    github: fakeGithub(makeGithub(lab), { privateKey: key(join(folder, 'github.pem')) }),
  };
  const running = {
    okta: await serve(fakes.okta, join(folder, 'okta.port'), 8_491),
    github: await serve(fakes.github, join(folder, 'github.port'), 8_492),
  };
  const domain = await serveDomain(lab, folder);
  const ssh = withSsh ? await serveSsh(folder) : null;

  const dice = lab.dice('today');
  const working = lab.people.filter(({ leftAt }) => leftAt === null);
  const everyday = setInterval(() => {
    const person = working[dice.between(0, working.length - 1)];
    if (person === undefined) return;
    okta.events.push(oktaEvent(person, new Date(), dice));
    domain.signIn(person, new Date());
  }, everydayMs);
  everyday.unref();

  return {
    name: lab.name,
    ownedDomains: [lab.domain],
    adminAccountPattern: '^adm-(?<base>.+)$',
    programs: [
      { name: 'lab: Okta', url: running.okta.origin },
      { name: 'lab: GitHub', url: running.github.origin },
      { name: 'lab: Active Directory', url: domain.url },
    ],
    connections: [
      { connector: 'okta', name: 'Okta', settings: fakes.okta.settings(running.okta.origin) },
      { connector: 'github', name: 'GitHub', settings: fakes.github.settings(running.github.origin) },
    ],
    domain: domain.settings,
    ...(ssh && { ssh }),
    async close() {
      clearInterval(everyday);
      const server = ssh !== null && 'close' in ssh ? [ssh] : [];
      await Promise.all([running.okta, running.github, domain, ...server].map((one) => one.close()));
    },
  };
};

interface Served {
  readonly origin: string;
  close(): Promise<void>;
}

/**
 * On the port of the first start, because the connections remember the address; at the first start on any free port
 * when the usual one is taken.
 */
const serve = async (
  fake: { start(at: { port: number }): Promise<Served> },
  path: string,
  usual: number,
): Promise<Served> => {
  const known = existsSync(path) ? Number(readFileSync(path, 'utf8')) : null;
  const running = await fake.start({ port: known ?? usual }).catch((cause: unknown) => {
    if (known === null) return fake.start({ port: 0 });
    throw new Fault(
      'misconfigured',
      `The port ${known} of the sample organisation is taken by another program. End that program, or leave the sample out with --no-lab.`,
      undefined,
      { cause },
    );
  });
  if (known === null) writeFileSync(path, new URL(running.origin).port);
  return running;
};

/** What a file holds; written first where there is none. */
const kept = (path: string, make: () => string): string => {
  if (!existsSync(path)) writeFileSync(path, make(), { mode: 0o600 });
  return readFileSync(path, 'utf8');
};

const key = (path: string): string =>
  kept(path, () =>
    generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  );
