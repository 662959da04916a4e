import { noteStep, probeOf, type Step, transportStep, tryFields } from '@gatehouse/desk-kit';
import { statusOf } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import { z } from 'zod';
import { findPeople, findTicketsByField, readIssue, readProject } from './issues.ts';
import { addNote } from './notes.ts';
import { type RedmineClient, system, whoAmI } from './session.ts';
import { setFields } from './write.ts';

/** What the role of the account must have, and what for. */
const needed = [
  ['view_issues', 'read issues'],
  ['edit_issues', 'write custom fields'],
  ['add_issue_notes', 'write notes'],
  ['set_notes_private', 'keep notes from customers'],
  ['edit_own_issue_notes', 'write a later revision over a note, and remove a double'],
] as const;

export const steps = (client: RedmineClient): readonly Step[] => {
  const { http, settings } = client;
  const probe = probeOf(settings.probeTicket, (key) => readIssue(client, key));
  const trial = tryFields(settings.fields, probe, (id, values) => setFields(client, id, values, null));
  const permissions: readonly (readonly [string, string])[] = settings.makesIssues
    ? [...needed, ['add_issues', 'make issues']]
    : needed;
  return [
    {
      ...{ id: 'reachable', name: `${system} answers`, isEssential: true },
      async run() {
        try {
          await http.get('/users/current.json', z.object({ user: z.unknown() }));
        } catch (error) {
          if (statusOf(error) !== 401) throw error;
        }
        return 'It answered as its REST web services do.';
      },
    },
    transportStep(settings.url),
    {
      ...{ id: 'signed-in', name: 'Signed in', isEssential: true },
      async run() {
        const { login, isAdmin } = await whoAmI(client);
        return isAdmin
          ? `Signed in as ${login}, who is an administrator: an account with the permissions below is enough.`
          : `Signed in as ${login}.`;
      },
    },
    {
      ...{ id: 'project', name: 'The project is there' },
      run: async () => `It is “${(await readProject(client)).name}”.`,
    },
    ...permissions.map(([permission, why]) => ({
      ...{ id: permission, name: `May ${why}` },
      async run() {
        const [me, { id }] = [await whoAmI(client), await readProject(client)];
        if (await me.may(id, permission)) return `Its role has the permission ${permission}.`;
        throw new Fault(
          'forbidden',
          `Give the account a role with the permission ${permission} in the project: it has to ${why}.`,
        );
      },
    })),
    {
      ...{ id: 'people', name: 'Finds people' },
      async run() {
        await findPeople(client, { login: 'admin' });
        return 'The members of the project were looked at.';
      },
    },
    probe.step,
    ...trial.steps,
    {
      ...{ id: 'filter', name: 'Issues are found by the session' },
      async run() {
        await findTicketsByField(client, 'sessionIds', `gatehouse-probe-${crypto.randomUUID()}`);
        return 'A session that nobody has was looked for, and found on no issue.';
      },
    },
    noteStep(
      probe,
      (id, note) => addNote(client, id, note, null),
      (issue, note) => proveHidden(client, issue, note),
    ),
  ];
};

/** By whoever has not signed in, and by the customer whose key was entered. */
const proveHidden = async (client: RedmineClient, issue: string, note: string): Promise<string> => {
  const { as, settings } = client;
  const seesIt = async (key: typeof settings.customerKey): Promise<boolean> => {
    const other = { ...client, http: as(key) };
    try {
      const seen = await readIssue(other, issue);
      return seen?.journals.some(({ id }) => String(id) === note) === true;
    } catch (error) {
      // Without a sign-in nothing is shown at all.
      if (statusOf(error) === 401) return false;
      throw error;
    }
  };
  if (await seesIt(null)) throw new Fault('misconfigured', 'Somebody who has not signed in sees the note.');
  if (settings.customerKey === null)
    return 'It is private, and nobody sees it who has not signed in. Enter the key of a customer to have that tried, too.';
  if (!(await seesIt(settings.customerKey)))
    return 'It is private, and the customer whose key was entered does not see it.';
  throw new Fault(
    'misconfigured',
    'The customer whose key was entered sees it: take view_private_notes from that role.',
  );
};
