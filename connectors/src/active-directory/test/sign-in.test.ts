import { Secret } from '@gatehouse/kernel';
import { expect, test } from 'vitest';
import { type FakeAccount, openController } from '../fake/index.ts';
import { clientOf, entriesOf, faultOf, kingdom, people } from './reading.ts';

const accountWith = (refusedWith: string): FakeAccount => ({
  names: ['gatehouse@sevenkingdoms.local'],
  password: 'A Lannister always pays',
  refusedWith,
});

test.each([
  ['525', /does not know the account/],
  ['52e', /refused the password/],
  ['52f', /restricts where or how/],
  ['530', /logon hours/],
  ['531', /"Log On To" list/],
  ['532', /password at Active Directory has expired/],
  ['533', /is disabled/],
  ['701', /The account at Active Directory has expired/],
  ['773', /must change its password/],
  ['775', /is locked out .* unlock it/],
  ['7ff', /refused the credentials/],
])('a sign-in refused with data %s says what to do, and is tried once at one controller only', async (data, advice) => {
  await using first = await openController(kingdom(0), {
    accounts: [accountWith(data)],
    host: 'dc1.sevenkingdoms.local',
  });
  await using second = await openController(kingdom(0), { host: 'dc2.sevenkingdoms.local' });
  const { ldap, waits } = clientOf([first, second]);
  const fault = await faultOf(ldap.rootDse());
  expect(fault.kind).toBe('unauthorized');
  expect(fault.advice).toMatch(advice);
  expect([first.requests.length, second.requests.length, waits.length]).toEqual([1, 0, 0]);
});

test('wrong passwords lock the account out, which is told apart from a wrong password', async () => {
  await using controller = await openController(kingdom(0));
  const { ldap } = clientOf(controller, { password: new Secret('A Stark never forgets') });
  for (let i = 0; i < 5; i++) expect((await faultOf(ldap.rootDse())).advice).toContain('refused the password');
  const fault = await faultOf(ldap.rootDse());
  expect(fault.advice).toContain('locked out');
  expect(controller.wrongPasswords()).toBe(5);
});

test('no fault and no line of the log holds the password, even when the controller repeats it', async () => {
  const password = 'Hear-me-roar-2026';
  await using controller = await openController(kingdom(0));
  for (const [kind, code] of [
    ['bind', 49],
    ['bind', 53],
    ['search', 1],
    ['search', 80],
  ] as const) {
    controller.plant((request) =>
      request.kind === kind
        ? { kind: 'result', outcome: { code, diagnostic: `the password ${password} is nice, data 52e, v1` } }
        : { kind: 'result', outcome: { code: 0 } },
    );
    const { ldap, lines } = clientOf(controller, { password: new Secret(password) }, { attempts: 1 });
    const fault = await faultOf(ldap.rootDse());
    const { message, advice, detail, stack, cause } = fault;
    expect(JSON.stringify({ message, advice, detail, stack, cause: String(cause), lines })).not.toContain(password);
    expect(fault.detail).toContain('[secret]');
    expect(lines.length).toBeGreaterThan(0);
  }
});

test.each([
  [3, 'unreachable', /took longer than Active Directory allows/],
  [4, 'misconfigured', /MaxPageSize/],
  [8, 'misconfigured', /stronger way to sign in/],
  [10, 'misconfigured', /says that north\.sevenkingdoms\.local holds this part/],
  [11, 'misconfigured', /administrative limit/],
  [12, 'misconfigured', /does not support a control/],
  [32, 'misconfigured', /is not there, or the account may not see it/],
  [50, 'forbidden', /Replicating Directory Changes/],
  [53, 'forbidden', /is not willing/],
  [80, 'unexpected', /cannot be understood/],
] as const)('result %i of a search is %s, says what to do, and is not asked for again', async (code, kind, advice) => {
  await using controller = await openController(kingdom(3));
  const outcome = { code, diagnostic: '0000: refused', referrals: ['ldap://north.sevenkingdoms.local/DC=north'] };
  controller.plant((request) => (request.kind === 'search' ? { kind: 'result', outcome } : undefined));
  const { ldap, waits } = clientOf(controller);
  const fault = await faultOf(entriesOf(ldap, people));
  expect(fault.kind).toBe(kind);
  expect(fault.advice).toMatch(advice);
  expect(fault.detail).toContain(`-> ${code} 0000: refused`);
  expect([controller.requests.length, waits]).toEqual([2, []]);
});

test('a busy controller is asked again, in the middle of a list too, and the wait can be seen', async () => {
  await using controller = await openController(kingdom(30));
  controller.plant((request, count) =>
    request.kind === 'search' && [1, 3].includes(count) ? { kind: 'result', outcome: { code: 51 } } : undefined,
  );
  const { ldap, waits, host } = clientOf(controller);
  const entries = await entriesOf(ldap, { ...people, controls: { pageSize: 10 } });
  expect(new Set(entries.map(({ dn }) => dn)).size).toBe(30);
  expect(waits).toHaveLength(2);
  expect(waits[0]).toMatch(/^Active Directory dc1\.sevenkingdoms\.local:\d+ retry$/);
  expect(host.waits()).toEqual([]);
});

test('a controller that stays busy is a throttled fault within the budget', async () => {
  await using controller = await openController(kingdom(3));
  controller.plant((request) => (request.kind === 'search' ? { kind: 'result', outcome: { code: 51 } } : undefined));
  const { ldap, waits } = clientOf(controller, {}, { attempts: 4 });
  expect((await faultOf(entriesOf(ldap, people))).kind).toBe('throttled');
  expect(waits).toHaveLength(3);
});

test('a controller that is starting is left for the next one', async () => {
  await using first = await openController(kingdom(3), { host: 'dc1.sevenkingdoms.local' });
  await using second = await openController(kingdom(3), { host: 'dc2.sevenkingdoms.local' });
  first.plant((request) => (request.kind === 'search' ? { kind: 'result', outcome: { code: 52 } } : undefined));
  const { ldap } = clientOf([first, second]);
  expect(await entriesOf(ldap, people)).toHaveLength(3);
  expect(second.requests.map(({ kind }) => kind)).toEqual(['bind', 'search']);
});
