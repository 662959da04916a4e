import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createDirectory, openController } from '@gatehouse/connectors/active-directory/fake';
import type { TestDatabase } from '@gatehouse/database/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type JudgedDomain, judgeDomain } from './read-domain.ts';
import { openWorld } from './world.ts';

const folder = resolve(import.meta.dirname, '../../../../../../shared/corpora/active-directory');
const isThere = existsSync(folder);
/** A while after the recordings were made. */
const now = new Date('2024-01-10T00:00:00Z');

/** Judges what a real domain held, or what a change would make of it, served by a controller of the test suite. */
const judge = async (
  database: TestDatabase['database'],
  name: string,
  change = (ldif: string) => ldif,
): Promise<JudgedDomain> => {
  const directory = createDirectory();
  const files = readdirSync(join(folder, name)).filter((file) => file.endsWith('.ldif'));
  // The root DSE first, because it names the partitions.
  for (const file of files.toSorted((a, b) => Number(b === 'RootDSE.ldif') - Number(a === 'RootDSE.ldif')))
    directory.load(change(readFileSync(join(folder, name, file), 'utf8')));
  await using controller = await openController(directory);
  const settings = {
    controllers: controller.ldaps.replace(controller.host, '127.0.0.1'),
    ...{ bindName: controller.account.names[0], password: controller.account.password },
    certificateAuthorities: controller.certificateAuthority,
  };
  return await judgeDomain(database, settings, now);
};

describe.skipIf(!isThere)(
  `rules on recorded domains${isThere ? '' : ' (skipped: the recordings are not there)'}`,
  () => {
    let world: TestDatabase;
    beforeAll(async () => {
      world = await openWorld();
    });
    afterAll(() => world?.close());

    test('find the long way over eight hands to a domain controller, and everybody on it', async () => {
      const { found, truePrivilege } = await judge(world.database, 'sevenkingdoms.local');
      const ways = (found.get('escalation-path') ?? '').split('\n');
      const wayOf = (name: string) => ways.find((way) => way.startsWith(`${name}:`));
      expect(wayOf('tywin.lannister')).toContain(
        'tywin.lannister can set a new password for jaime.lannister, which jaime.lannister controls joffrey.baratheon, ' +
          'which joffrey.baratheon controls tyron.lannister, which tyron.lannister can put itself into Small Council, ' +
          'which Small Council can put itself into DragonStone, which DragonStone can put itself into KingsGuard, ' +
          'which KingsGuard controls stannis.baratheon, which stannis.baratheon controls KINGSLANDING',
      );
      expect(wayOf('lord.varys')).toBeDefined();
      for (const name of ['tywin.lannister', 'jaime.lannister', 'joffrey.baratheon', 'petyer.baelish', 'krbtgt'])
        expect([name, truePrivilege.get(`SEVENKINGDOMS\\${name}`)]).toEqual([name, 4]);
      expect(found.get('admin-sd-holder-tampered')).toContain('lord.varys');
      expect(found.get('bad-successor')).toContain('renly.baratheon');
      expect(found.get('trust-without-sid-filtering')).toContain('essos.local');
      // As every domain comes.
      expect(found.get('bad-successor')).not.toContain('Key Admins');
      expect([found.get('esc5-writable-pki-object'), found.get('password-not-required')]).toEqual([
        undefined,
        undefined,
      ]);
    });

    test('find no way over the templates that authorities come with, and one for everybody where such a template takes any name', {
      timeout: 120_000,
    }, async () => {
      const untouched = await judge(world.database, 'sevenkingdoms.local');
      expect([...untouched.ways.values()].filter((way) => /certificate|template|authority/.test(way))).toEqual([]);
      const changed = await judge(world.database, 'sevenkingdoms.local', (ldif) =>
        // Of the templates with this number User comes first.
        ldif.replace('msPKI-Certificate-Name-Flag: -1509949440', 'msPKI-Certificate-Name-Flag: -1509949439'),
      );
      expect(changed.ways.get('SEVENKINGDOMS\\tywin.lannister')).toBe(
        'tywin.lannister is in Domain Users, which Domain Users can get a certificate as anybody in sevenkingdoms.local: ' +
          'may enrol in User as anybody, on SEVENKINGDOMS-CA; Enroll for Domain Users on User; ' +
          'Enroll for Authenticated Users on SEVENKINGDOMS-CA',
      );
      expect(changed.found.get('esc1-requester-supplies-subject')).toContain('User: Domain Users');
    });

    test('find what a domain below it was given, too', async () => {
      const { found, truePrivilege } = await judge(world.database, 'north.sevenkingdoms.local');
      for (const login of ['CASTELBLACK$', 'jon.snow', 'sansa.stark', 'samwell.tarly'])
        expect([login, truePrivilege.get(`NORTH\\${login}`)]).toEqual([login, 4]);
      expect(truePrivilege.get('NORTH\\hodor')).toBe(2);
      expect(found.get('as-rep-roastable')).toContain('brandon.stark');
      expect(found.get('constrained-delegation-to-tier-zero')).toContain('CASTELBLACK: HTTP/winterfell');
      expect(found.get('protocol-transition-to-tier-zero')).toContain('jon.snow: CIFS/winterfell');
      expect(found.get('unconstrained-delegation')).toContain('sansa.stark');
      expect(found.get('policy-reaching-tier-zero-writable')).toContain('samwell.tarly');
      expect(found.get('escalation-path')).toContain('samwell.tarly controls StarkWallpaper');
      expect(found.get('password-not-required')).toBeUndefined();
    });
  },
);
