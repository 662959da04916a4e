import { expect, test } from 'vitest';
import { makeGithub } from './github.ts';
import { makeOkta } from './okta.ts';
import { makeOrganisation } from './organisation.ts';

const now = new Date('2026-11-20T12:00:00Z');
const lab = makeOrganisation(now);
const okta = makeOkta(lab);
const github = makeGithub(lab);
const unique = (values: readonly unknown[]) => new Set(values).size === values.length;

test('the same moment gives the same organisation', () => {
  const again = makeOrganisation(now);
  expect(makeOkta(again)).toEqual(okta);
  expect(makeGithub(again)).toEqual(github);
});

test('about two thousand people work in it, and some have left', () => {
  expect(okta.users.length).toBeGreaterThan(2_000);
  expect(okta.users.filter(({ status }) => status === 'DEPROVISIONED').length).toBeGreaterThan(100);
  expect(github.people.length).toBeGreaterThan(500);
});

test('every id and login is its own', () => {
  expect(unique(okta.users.map(({ id }) => id))).toBe(true);
  expect(unique(okta.users.map(({ login }) => login))).toBe(true);
  expect(unique(okta.groups.map(({ id }) => id))).toBe(true);
  expect(unique(okta.apps.map(({ id }) => id))).toBe(true);
  expect(unique(okta.events.map(({ uuid }) => uuid))).toBe(true);
  expect(unique(github.people.map(({ login }) => login))).toBe(true);
  expect(unique(github.repositories.map(({ name }) => name))).toBe(true);
});

test('whoever is named exists', () => {
  const users = new Set(okta.users.map(({ id }) => id));
  const groups = new Set(okta.groups.map(({ id }) => id));
  const apps = new Set(okta.apps.map(({ id }) => id));
  for (const group of okta.groups) for (const id of group.memberIds) expect(users).toContain(id);
  for (const { holder, targetGroupIds = [] } of okta.roleAssignments) {
    expect(holder.kind === 'user' ? users : holder.kind === 'group' ? groups : apps).toContain(holder.id);
    for (const id of targetGroupIds) expect(groups).toContain(id);
  }
  for (const { userId } of okta.apiTokens) expect(users).toContain(userId);
  const people = new Set(github.people.map(({ login }) => login));
  for (const team of github.teams)
    for (const login of [...team.members, ...team.maintainers]) expect(people).toContain(login);
  for (const { collaborators = [] } of github.repositories)
    for (const { login } of collaborators) expect(people).toContain(login);
});

test('the mistakes that the tour shows are in it', () => {
  const holders = okta.roleAssignments.filter(({ type }) => type === 'SUPER_ADMIN');
  expect(holders.length).toBeGreaterThan(5);
  const withoutFactor = holders.filter(
    ({ holder }) => okta.users.find(({ id }) => id === holder.id)?.factors?.length === 0,
  );
  expect(withoutFactor.length).toBeGreaterThan(0);
  expect(github.people.some(({ role, secondFactor }) => role === 'admin' && secondFactor === 'none')).toBe(true);
  expect(github.repositories.some(({ protection }) => protection === undefined)).toBe(true);
});
