import { defineDesk } from '@gatehouse/desk-kit';
import { guide } from './guide.ts';
import { findPeople, findTicket, findTicketsByField } from './issues.ts';
import { addNote } from './notes.ts';
import { connect, system } from './session.ts';
import { setUp } from './set-up.ts';
import { config } from './settings.ts';
import { steps } from './steps.ts';
import { createTicket, setFields, transition } from './write.ts';

/** Redmine 5 over its REST web services. */
export const redmine = defineDesk({
  id: 'redmine',
  name: system,
  summary: 'Issues of one project of Redmine 5 and later: custom fields and private notes.',
  config,
  notes: { form: 'text', revisions: 'replace' },
  versions: 'adapter',
  guide,
  connect,
  check: steps,
  ...{ findTicket, findTicketsByField, findPeople, setFields, addNote, createTicket, transition, setUp },
});
