import { z } from 'zod';
import { Flag, field, Id, type Shape, text } from './shape.ts';

/** What comes first: 1 is high, 2 usual, 3 low. */
export const Priority = z.int('Enter 1, 2 or 3.').min(1, 'Enter 1, 2 or 3.').max(3, 'Enter 1, 2 or 3.');
export const usualPriority = 2;

/** Names in parameters of programs, so that they need no quoting anywhere. */
const ParameterName = text(64, 1).regex(/^[a-zA-Z0-9_-]+$/, 'Use letters, digits, _ and - only.');

/** What customers choose between when they ask for support. */
export const supportIssue: Shape = {
  name: 'SupportIssue',
  one: 'Support issue',
  many: 'Support issues',
  label: 'code_name',
  required: ['description'],
  fields: {
    id: field(Id, 'Id', 'Given by the site.', { readOnly: true }),
    description: field(text(255, 1), 'Description', 'What customers choose.'),
    code_name: field(ParameterName, 'Code name', 'For programs. Left out: made from the description.'),
    team_id: field(Id.nullable(), 'Team', 'Whose queue it leads to. Empty: the general queue.', { default: null }),
    priority: field(Priority, 'Priority', '1 is high, 2 usual, 3 low.', { default: usualPriority }),
  },
};

/** What programs and representatives may note about a session. */
export const customField: Shape = {
  name: 'CustomField',
  one: 'Custom field',
  many: 'Custom fields',
  label: 'display_name',
  required: ['display_name'],
  fields: {
    id: field(Id, 'Id', 'Given by the site.', { readOnly: true }),
    display_name: field(text(255, 1), 'Name', 'As representatives see it.'),
    code_name: field(ParameterName, 'Code name', 'For programs. Left out: made from the name.'),
    shown_in_console: field(Flag, 'In the console', 'Representatives see it in a session.', { default: true }),
  },
};
