import { noteStep, probeOf, type Step, transportStep, tryFields, type Untried } from '@gatehouse/desk-kit';
import { statusOf } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import { z } from 'zod';
import { setFields } from './fields.ts';
import { addNote, readNote } from './notes.ts';
import { type RtClient, system } from './session.ts';
import { findPeople, type ReadTicket, readTicket } from './tickets.ts';

const untried: Untried = { untried: 'Not tried, because no probe ticket is named or it was not found.' };

/** Each right that is needed has a step of its own, so that the one that is missing is named. */
export const steps = (client: RtClient): readonly Step[] => {
  const { http, settings, account } = client;
  const read: { ticket: ReadTicket | null } = { ticket: null };
  const probe = probeOf(settings.probeTicket, async (key) => {
    read.ticket = await readTicket(client, key);
    return read.ticket;
  });
  const right = (name: string, why: string, has: (ticket: ReadTicket) => boolean | Promise<boolean>): Step => ({
    ...{ id: name, name: `May ${why}` },
    async run() {
      if (read.ticket === null) return untried;
      if (await has(read.ticket)) return `The account has the right ${name}.`;
      throw new Fault('forbidden', `Give the account the right ${name} for the queue: it has to ${why}.`);
    },
  });
  const trial = tryFields(settings.fields, probe, (id, values) => setFields(client, id, values, null));

  return [
    {
      ...{ id: 'reachable', name: `${system} answers`, isEssential: true },
      async run() {
        try {
          await http.get('/rt', z.object({ Version: z.string() }));
        } catch (error) {
          if (statusOf(error) !== 401) throw error;
        }
        return 'It answered as its REST 2 interface does.';
      },
    },
    transportStep(settings.url),
    {
      ...{ id: 'signed-in', name: 'Signed in', isEssential: true },
      async run() {
        const { Version } = await http.get('/rt', z.object({ Version: z.string().max(100) }));
        if (account === null) throw new Fault('unauthorized', `This is no authentication token of ${system}.`);
        const { Name } = await http.get(`/user/${account}`, z.object({ Name: z.string().max(500) }));
        return `Signed in as ${Name}, at version ${Version}.`;
      },
    },
    {
      ...{ id: 'ShowTicket', name: 'May read tickets' },
      async run() {
        const { probeTicket } = settings;
        if (probeTicket === null) return untried;
        const wanted = { accept: [403, 404] };
        const { status } = await http.request(`/ticket/${encodeURIComponent(probeTicket)}`, z.unknown(), wanted);
        if (status === 404) throw new Fault('misconfigured', 'The probe ticket is not there.');
        if (status === 200) return 'The account has the right ShowTicket.';
        throw new Fault('forbidden', 'Give the account the right ShowTicket for the queue: it has to read tickets.');
      },
    },
    probe.step,
    right('SeeQueue', 'see the name of a queue, which rules of assignment read', ({ group }) => group !== null),
    right('SeeCustomField', 'see custom fields', ({ custom }) => custom.size > 0),
    right('ModifyCustomField', 'write custom fields', async () => {
      return (await trial.result('sessionIds'))?.state !== 'denied';
    }),
    right('CommentOnTicket', 'write notes', ({ may }) => may.has('comment')),
    ...(settings.repliesToCustomers
      ? [right('ReplyToTicket', 'write to customers', ({ may }) => may.has('correspond'))]
      : []),
    ...(settings.movesTickets ? [right('ModifyTicket', 'move tickets', ({ may }) => may.has('lifecycle'))] : []),
    ...(settings.newTicketQueue === null ? [] : [mayCreate(client, settings.newTicketQueue)]),
    {
      ...{ id: 'people', name: 'Finds people' },
      async run() {
        await findPeople(client, { login: 'root' });
        return 'It was asked for somebody.';
      },
    },
    ...trial.steps,
    {
      ...{ id: 'ShowTicketComments', name: 'May see which notes stand already' },
      async run() {
        const { ticket } = read;
        if (ticket === null) return untried;
        await addNote(client, ticket.id, { ...probeNote, marker: { ...probeNote.marker, part: 'seen' } }, null);
        return 'The account has the right ShowTicketComments.';
      },
    },
    noteStep(
      probe,
      (id, note) => addNote(client, id, note, null),
      (_, note) => proveHidden(client, note),
    ),
  ];
};

const probeNote = {
  marker: { session: 'gatehouse-probe', part: 'seen', revision: 1 },
  ...{ title: 'Test of the settings', html: '<p>Gatehouse tried whether it sees the notes here that it writes.</p>' },
};

const mayCreate = ({ http }: RtClient, queue: string): Step => ({
  ...{ id: 'CreateTicket', name: 'May make tickets' },
  async run() {
    const shape = z.object({ _hyperlinks: z.array(z.object({ ref: z.string() })) });
    const { _hyperlinks } = await http.get(`/queue/${encodeURIComponent(queue)}`, shape);
    if (_hyperlinks.some(({ ref }) => ref === 'create')) return `It may make tickets in ${queue}.`;
    throw new Fault('forbidden', `Give the account the right CreateTicket for the queue ${queue}.`);
  },
});

const proveHidden = async ({ http, as, settings }: RtClient, id: string): Promise<string> => {
  const note = await readNote(http, id);
  if (note?.Type !== 'Comment') throw new Fault('misconfigured', `${system} did not keep the note as a comment.`);
  if (settings.customerToken === null) {
    return 'It is kept as a comment, which only the right ShowTicketComments shows. Enter the token of a customer to have that tried.';
  }
  if ((await readNote(as(settings.customerToken), id)) === null)
    return 'The customer whose token was entered does not see it.';
  throw new Fault(
    'misconfigured',
    'The customer whose token was entered sees the note. Take the right ShowTicketComments from Everyone, Requestor and Cc.',
  );
};
