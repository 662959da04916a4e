import { escapeHtml, logicalFields } from '@gatehouse/desk-kit';
import { contract, type DeskUnderTest, type Settings } from '@gatehouse/desk-kit/testing';
import { builtin } from '@gatehouse/desks/builtin';
import { permissions } from '@gatehouse/desks/builtin/api';
import { ok } from '@gatehouse/server/testing';
import { testDesk } from '../testing/test-desk.ts';

const needed = ['cases.read', 'cases.write', 'notes.read', 'notes.write', 'people.read'] as const;
const without = (one: string) => permissions.filter((permission) => permission !== one);

/** The program itself, with a customer who signs in, and what an administrator does through the API of its pages. */
const open = async (): Promise<DeskUnderTest> => {
  const desk = await testDesk();
  const { operator, url } = desk;
  const customer = await desk.person('customer');
  await ok(operator.post('/api/teams', { name: 'First line' }));
  const people = [
    { login: 'ann', name: 'Ann', email: 'ann@corp.example' },
    { login: 'bob', name: 'Bob', email: 'desk@corp.example' },
    { login: 'bea', name: 'Béa', email: 'desk@corp.example' },
  ];
  for (const person of people) await ok(operator.post('/api/desk/people', person));
  const token = (await desk.account()).token;
  const tokens = new Map<string, string>();
  for (const one of needed) tokens.set(one, (await desk.account(without(one))).token);
  const probe = await desk.makeCase({ subject: 'probe' });
  const settings = (at: string): Settings => ({ url: at, token, fields: logicalFields, probeTicket: probe.number });
  const withToken = (some = ''): Settings => ({ ...settings(url), token: some });
  const notes = async (number: string) => (await ok(operator.get(`/api/cases/${number}/notes?limit=500`))).body.items;
  return {
    ...{ origin: url, settings, withCredential: withToken, wrongCredential: withToken(`ghd_${'0'.repeat(43)}`) },
    unknownField: {
      field: 'jumpSearch',
      settings: { ...settings(url), fields: { ...logicalFields, jumpSearch: 'no_such_field' } },
    },
    rights: needed.map((right) => ({ right, step: right, settings: withToken(tokens.get(right)) })),
    readOnly: withToken(tokens.get('cases.write')),
    secrets: [token, ...tokens.values()],
    makeTicket: async (subject) =>
      (await desk.makeCase({ subject, requester: customer.deskId, team: 'First line' })).number,
    async touch(number) {
      await ok(operator.post(`/api/cases/${number}/notes`, { text: 'touched' }));
    },
    async merge(number, into) {
      await ok(operator.post(`/api/cases/${number}/merge`, { into }));
    },
    async remove(number) {
      await ok(operator.ask('DELETE', `/api/cases/${number}`));
    },
    people: { login: 'ann', email: 'ann@corp.example', sharedEmail: 'desk@corp.example' },
    notes: async (number) =>
      (await notes(number)).map(({ id, visibility, title, html, session }: Record<string, unknown>) => ({
        ...{ id, isInternal: visibility === 'internal' },
        // A title is text, and shown as such.
        body: `${escapeHtml(String(title))}\n${html}\n${JSON.stringify(session)}`,
      })),
    async readAsCustomer(number) {
      const seen = ['', '/notes?limit=500'].map((path) => ok(customer.get(`/api/cases/${number}${path}`)));
      return (await Promise.all(seen)).map(({ text }) => text).join('\n');
    },
    async writeAsOther(number, text) {
      await ok(operator.post(`/api/cases/${number}/notes`, { text }));
    },
    [Symbol.asyncDispose]: desk.close,
  };
};

contract({ desk: builtin, open });
