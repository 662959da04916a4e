import { defineDesk } from '@gatehouse/desk-kit';
import {
  changesSince,
  createTicket,
  findPeople,
  findTicket,
  findTicketsByField,
  setFields,
  transition,
} from './cases.ts';
import { addNote, reply } from './notes.ts';
import { connect } from './session.ts';
import { config } from './settings.ts';
import { steps } from './steps.ts';

/** The desk that comes with Gatehouse, over its own JSON API. */
export const builtin = defineDesk({
  id: 'builtin',
  name: 'Built-in desk',
  summary: 'The support and helpdesk cases that Gatehouse keeps itself, for organisations without a service desk.',
  config,
  notes: { form: 'html', revisions: 'replace' },
  versions: 'desk',
  guide: [
    {
      title: 'Set up',
      lines: [
        '1. Make an account for sessions on the page Accounts, with the permissions `cases.read`, `cases.write`,',
        '   `notes.read`, `notes.write` and `people.read`. Add `cases.create` where sessions make cases, and `replies.write`',
        '   where session keys are sent to customers.',
        '2. Make a token for it and enter it here.',
        '3. Make a case that nobody works on, enter its number as the probe case, and test the settings.',
      ],
    },
  ],
  connect,
  check: steps,
  ...{ findTicket, findTicketsByField, findPeople, setFields, addNote },
  ...{ createTicket, transition, reply, changesSince },
});
