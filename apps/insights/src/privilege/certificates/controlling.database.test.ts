import type { TestDatabase } from '@gatehouse/database/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newOrg, now, type Org, openWorld } from '../../rules/testing/world.ts';
import type { StreamCatalogue } from '../catalogue.ts';
import { derive } from '../derive.ts';
import { anyName, type Facts, readWays, services } from './testing/services.ts';

let world: TestDatabase;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const waysIn = (fill: (org: Org) => void) => readWays(world, fill);

describe('whoever may rewrite a published template (ESC4)', () => {
  const fill =
    (held: readonly string[], attributes: Facts = {}) =>
    (org: Org) => {
      const { template, publish, may, person } = services(org);
      const id = template('T', { authenticates: false, ...attributes });
      const ada = person(1101, 'ada');
      for (const right of held) may(ada, right, id);
      publish('T');
    };

  test.each(['GenericAll', 'WriteDacl', 'WriteOwner', 'Owns'])('has a way by %s alone', async (right) => {
    expect(await waysIn(fill([right]))).toEqual({
      1101: expect.stringContaining(
        `4 ada can rewrite a template for certificates as anybody in corp.example (may rewrite T, then enrol in it as anybody, on CORP-CA; ${right} for ada on T; Enroll for Authenticated Users on CORP-CA)`,
      ),
    });
  });

  test('has one by lesser rights only where it may enrol and the rest is as it must be', async () => {
    const signsIn = { authenticates: true };
    const open = async (held: readonly string[], attributes?: Facts) =>
      Object.keys(await waysIn(fill(held, attributes))).length > 0;
    expect(await open(['GenericWrite', 'Enroll'])).toBe(true);
    expect(await open(['GenericWrite'])).toBe(false);
    expect(await open(['WritePKINameFlag', 'Enroll'], signsIn)).toBe(true);
    expect(await open(['WritePKINameFlag'], signsIn)).toBe(false);
    expect(await open(['WritePKINameFlag', 'Enroll'])).toBe(false);
    expect(await open(['WritePKINameFlag', 'Enroll'], { ...signsIn, needsApproval: true })).toBe(false);
    expect(await open(['WritePKINameFlag', 'Enroll'], { ...signsIn, signatures: 1 })).toBe(false);
    const approved = { ...signsIn, ...anyName, needsApproval: true };
    expect(await open(['WritePKIEnrollmentFlag', 'Enroll'], approved)).toBe(true);
    expect(await open(['WritePKIEnrollmentFlag', 'Enroll'], { ...approved, suppliesSubject: false })).toBe(false);
    const both = ['WritePKINameFlag', 'WritePKIEnrollmentFlag', 'Enroll'];
    expect(await open(both, { ...approved, suppliesSubject: false })).toBe(true);
    expect(await open(both, { ...signsIn, signatures: 1 })).toBe(false);
  });
});

test('whoever may make an authority trusted has a way only with NTAuth and a root together (ESC5)', async () => {
  const fill =
    (onNtAuth: string | null, onRoot: string | null, root: Facts = { type: 'certification_authority', name: 'Root' }) =>
    (org: Org) => {
      const { place, may, person } = services(org);
      const ada = person(1101, 'ada');
      const nt = place.resource('nt', {
        type: 'pki_object',
        name: 'NTAuthCertificates',
        attributes: { cn: 'NTAuthCertificates' },
      });
      const trusted = place.resource('root', root);
      if (onNtAuth) may(ada, onNtAuth, nt);
      if (onRoot) may(ada, onRoot, trusted);
    };
  const container = {
    type: 'pki_object',
    name: 'Certification Authorities',
    attributes: { cn: 'Certification Authorities' },
  };
  expect(await waysIn(fill('GenericWrite', 'WriteDacl'))).toEqual({
    1101:
      '4 ada can make an authority of its own trusted in corp.example (may write NTAuthCertificates, and a root that controllers trust; ' +
      'GenericWrite for ada on NTAuthCertificates; WriteDacl for ada on Root)',
  });
  expect(Object.keys(await waysIn(fill('GenericWrite', 'CreateChild', container)))).toEqual(['1101']);
  expect(await waysIn(fill('GenericWrite', 'GenericWrite', container))).toEqual({});
  expect(await waysIn(fill('GenericWrite', null))).toEqual({});
  expect(await waysIn(fill(null, 'GenericAll'))).toEqual({});
});

test('whoever manages an authority has a way, unless roles are kept apart there or that is not known (ESC7)', async () => {
  const fill =
    (right: Facts, settings: Facts = {}, attributes: Facts = anyName) =>
    (org: Org) => {
      const { template, publish, authority, person } = services(org);
      template('SubCA', { ...attributes, needsApproval: true });
      const ada = person(1101, 'ada');
      authority(publish(), { rights: [{ trustee: ada, right: 'ManageCA', isCertain: true, ...right }], ...settings });
    };
  expect(await waysIn(fill({}))).toEqual({
    1101:
      '4 ada can have certificates issued as anybody in corp.example (manages CORP-CA, and may approve any request itself; ' +
      'ManageCA for ada on CORP-CA)',
  });
  expect(await waysIn(fill({ isCertain: false }))).toEqual({});
  // Whoever only approves needs a request, and officers may be restricted.
  expect(await waysIn(fill({ right: 'ManageCertificates' }))).toEqual({});
  expect(await waysIn(fill({}, { separatesRoles: true }))).toEqual({});
  expect(await waysIn(fill({}, { separatesRoles: null }))).toEqual({});
  expect(await waysIn(fill({}, {}, { suppliesSubject: false }))).toEqual({});
});

test('True Privilege is undetermined where it cannot be read who may enrol, except what is known to be high', async () => {
  const stream = 'active-directory-certificate-access-entries';
  const catalogue: StreamCatalogue = new Map([
    [
      'insights-collector',
      [stream, 'grants'].map((name) => ({ stream: name, record: 'grants', title: name, needs: name })),
    ],
  ]);
  const levels = async (isRead: boolean) => {
    const org = newOrg(() => [stream, 'grants']);
    const { template, publish, mayEnroll, person, place } = services(org);
    mayEnroll(person(1101, 'ada'), template('T', anyName));
    publish('T');
    person(1102, 'bob');
    if (!isRead) place.unreadable(stream);
    await org.store(world.database);
    return world.database.tenant(org.tenantId, async (tx) => {
      await derive(tx, { tenantId: org.tenantId, now, signal: new AbortController().signal, catalogue });
      const { rows } = await sql<{ login: string; held: number | null; reached: number | null }>`
        select login, effective_privilege as held, true_privilege as reached from accounts where login in ('ada', 'bob') order by 1`.execute(
        tx,
      );
      return rows;
    });
  };
  expect(await levels(true)).toEqual([
    { login: 'ada', held: 1, reached: 4 },
    { login: 'bob', held: 0, reached: 0 },
  ]);
  expect(await levels(false)).toEqual([
    { login: 'ada', held: 1, reached: 4 },
    { login: 'bob', held: 0, reached: null },
  ]);
});
