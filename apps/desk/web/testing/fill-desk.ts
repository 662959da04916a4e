import { apiFolder } from '@gatehouse/desks/builtin/api';
import { ok, type SignedIn } from '@gatehouse/server/testing';
import type { TestDesk } from '../../src/testing/test-desk.ts';

export interface Filled {
  readonly manager: SignedIn;
  readonly technician: SignedIn;
  readonly customer: SignedIn;
  readonly administrator: SignedIn;
  readonly teamId: string;
  /** A case of the customer with notes of every kind. */
  readonly number: string;
  /** Another, that nobody has. */
  readonly other: string;
}

/** Something on every page. */
export const fillDesk = async (desk: TestDesk): Promise<Filled> => {
  const [manager, technician] = [await desk.person('manager'), await desk.person('technician')];
  const customer = await desk.person('customer');
  const administrator = await desk.signIn({ systemAdministrator: true });
  const { operator } = desk;
  const team = await ok(operator.post('/api/teams', { name: 'First line', comment: 'Takes the phone' }));
  await ok(operator.ask('PUT', `/api/teams/${team.body.id}/members/${technician.deskId}`));
  await ok(operator.post('/api/desk/people', { name: 'Zoë Customer', email: 'zoe@customer.example' }));
  await ok(operator.post('/api/case-fields', { table: 'support', name: 'Cost centre' }));
  const { number } = await desk.makeCase({
    ...{ subject: 'The printer is on fire', description: 'It burns.\nSecond floor.', requester: customer.deskId },
    ...{ team: 'First line', fields: { 'Session key': '1234567', 'Cost centre': 'KST-7' } },
  });
  const { number: other } = await desk.makeCase({ subject: 'The printer smokes', table: 'helpdesk' });
  await ok(operator.post(`/api/cases/${number}/notes`, { text: 'Called the fire brigade', minutes: 5 }));
  await ok(operator.post(`/api/cases/${number}/notes`, { text: 'Help is coming', visibility: 'public' }));
  const program = await desk.account();
  await ok(
    program.ask('PUT', `${apiFolder}/cases/${number}/notes/0123abc/summary`, {
      body: { revision: 1, title: 'Support session', html: '<table><tr><th>Began</th><td>now</td></tr></table>' },
    }),
  );
  return { manager, technician, customer, administrator, teamId: team.body.id, number, other };
};
