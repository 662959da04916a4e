import { noteStep, probeOf, type Step, transportStep, tryFields } from '@gatehouse/desk-kit';
import { statusOf } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import { z } from 'zod';
import { Me, NoteList, type Permission } from './api.ts';
import { findTicket, setFields } from './cases.ts';
import { addNote } from './notes.ts';
import type { BuiltinClient } from './session.ts';

/** What the account must be allowed, and what for. */
const needed: readonly (readonly [z.output<typeof Permission>, string])[] = [
  ['cases.read', 'read cases'],
  ['cases.write', 'write session keys and ids'],
  ['notes.read', 'see which notes stand already'],
  ['notes.write', 'write notes'],
  ['people.read', 'find people'],
];

export const steps = (client: BuiltinClient): readonly Step[] => {
  const { http, settings } = client;
  const probe = probeOf(settings.probeTicket, (key) => findTicket(client, key));
  const me = async () => (await http.get('/me', Me)).permissions;
  return [
    {
      ...{ id: 'reachable', name: 'The desk answers', isEssential: true },
      async run() {
        try {
          await http.get('/me', z.unknown());
        } catch (error) {
          if (statusOf(error) !== 401) throw error;
        }
        return 'It answered as a built-in desk does.';
      },
    },
    transportStep(settings.url),
    {
      ...{ id: 'signed-in', name: 'Signed in', isEssential: true },
      run: async () => `Signed in as ${(await http.get('/me', Me)).login}.`,
    },
    ...needed.map(([permission, why]) => ({
      ...{ id: permission, name: `May ${why}` },
      async run() {
        if ((await me()).includes(permission)) return `The account has the permission ${permission}.`;
        throw new Fault('forbidden', `Give the account the permission ${permission}: it has to ${why}.`);
      },
    })),
    probe.step,
    ...tryFields(client.mapping, probe, (id, values) => setFields(client, id, values, null)).steps,
    noteStep(
      probe,
      (id, note) => addNote(client, id, note, null),
      async (ticket, id) => {
        const { notes } = await http.get(`/cases/${encodeURIComponent(ticket)}/notes`, NoteList);
        if (notes.find((one) => one.id === id)?.visibility === 'internal') return 'The desk keeps it as internal.';
        throw new Fault('misconfigured', 'The desk does not keep notes as internal: nothing is written to it.');
      },
    ),
  ];
};
