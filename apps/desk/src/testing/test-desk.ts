import { permissions } from '@gatehouse/desks/builtin/api';
import type { Json } from '@gatehouse/kernel';
import {
  ok,
  type SignedIn,
  type TestClient,
  type TestProgram,
  testClient,
  testProgram,
} from '@gatehouse/server/testing';
import { migrations } from '../migrations.ts';
import { type DeskOptions, type DeskProgram, startDesk } from '../start.ts';

export interface TestDesk extends Omit<TestProgram<DeskProgram>, 'another'> {
  /** Ends the copy that runs. Nobody answers until it starts again, at the same address. */
  stop(): Promise<void>;
  start(): Promise<DeskProgram>;
  /** Somebody who signs in, with this role. */
  person(role: 'customer' | 'technician' | 'manager'): Promise<SignedIn & { readonly deskId: string }>;
  /** A program with an account of these permissions; all of them where none are named. */
  account(of?: readonly string[]): Promise<TestClient & { readonly token: string; readonly login: string }>;
  /** A case, as the answer of the API has it. */
  makeCase(of?: { readonly [name: string]: Json }): Promise<{ readonly id: string; readonly number: string }>;
}

/** The whole program on a free port of loopback, with a database of its own. */
export const testDesk = async (options: Partial<DeskOptions> = {}): Promise<TestDesk> => {
  const running = await testProgram('desk', migrations, (given) => startDesk({ ...given, ...options }));
  const { operator, url } = running;
  let accounts = 0;
  let current = running.program;
  const network = { port: Number(new URL(url).port) };
  return {
    ...running,
    stop: () => current.close(),
    async start() {
      current = await running.another((given) => startDesk({ ...given, ...options, network }));
      return current;
    },
    async person(role) {
      const person = await running.signIn();
      const me = await ok(person.get('/api/desk/me'));
      const deskId: string = me.body.person.id;
      await ok(operator.ask('PATCH', `/api/desk/people/${deskId}`, { body: { role } }));
      return { ...person, deskId };
    },
    async account(of = permissions) {
      const login = `account-${++accounts}`;
      const made = await ok(operator.post('/api/accounts', { login, permissions: [...of] }));
      const token: string = made.body.token;
      return { ...testClient(url, { authorization: `Bearer ${token}` }), token, login };
    },
    makeCase: async (of = {}) => (await ok(operator.post('/api/cases', { subject: 'A case', ...of }))).body,
  };
};
