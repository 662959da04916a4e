import { defineDesk } from '@gatehouse/desk-kit';
import { changesSince, hear } from './changes.ts';
import { createTicket, setFields, transition } from './fields.ts';
import { guide } from './guide.ts';
import { addNote, reply } from './notes.ts';
import { connect, system } from './session.ts';
import { setUp } from './set-up.ts';
import { config } from './settings.ts';
import { steps } from './steps.ts';
import { findPeople, findTicket, findTicketsByField } from './tickets.ts';

/** Request Tracker 5 over its REST 2 interface. */
export const requestTracker = defineDesk({
  id: 'request-tracker',
  name: system,
  summary: 'Tickets of Request Tracker 5 and later: custom fields, comments that customers do not see, merged tickets.',
  config,
  notes: { form: 'html', revisions: 'follow' },
  versions: 'desk',
  guide,
  connect,
  check: steps,
  ...{ findTicket, findTicketsByField, findPeople, setFields, addNote },
  ...{ createTicket, transition, reply, changesSince, hear, setUp },
  mayReply: ({ settings }) => settings.repliesToCustomers,
});
