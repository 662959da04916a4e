import { z } from 'zod';
import { CodeName, Flag, field, Id, type Shape, text } from './shape.ts';

/** People who take support sessions from one queue. */
export const team: Shape = {
  name: 'Team',
  one: 'Team',
  many: 'Teams',
  label: 'name',
  required: ['name'],
  fields: {
    id: field(Id, 'Id', 'Given by the site.', { readOnly: true }),
    name: field(text(255, 1), 'Name', 'Must be the only one with this name.'),
    code_name: field(CodeName, 'Code name', 'For programs. Left out: made from the name.'),
    comments: field(text(4_096).nullable(), 'Comments', 'For administrators.', { default: null, format: 'textarea' }),
    persistent_queue: field(Flag, 'Queue stays open', 'Customers may wait while nobody of the team is signed in.', {
      default: false,
    }),
  },
};

/** As programs have it. This site has one portal, so there is nothing to choose between. */
export const teamOfPrograms: Shape = {
  ...team,
  fields: {
    ...team.fields,
    public_portal_ids: field(
      z.array(z.enum(['All portals', 'all'], 'This site has one portal: name “All portals”, or none.')).max(2),
      'Public portals',
      'Where the team is offered.',
      { default: ['All portals'] },
    ),
  },
};

const role = field(z.enum(['member', 'lead', 'manager']), 'Role', 'What the user is in the team.', {
  default: 'member',
});

export const teamUser: Shape = {
  name: 'TeamUser',
  one: 'User of a team',
  many: 'Users of a team',
  label: 'user_id',
  required: ['user_id'],
  fields: {
    team_id: field(Id, 'Team', 'The team. Another one moves the user there.'),
    user_id: field(Id, 'User', 'The user.'),
    role,
  },
};

/** A team that all members of a group policy are in. */
export const groupPolicyTeam: Shape = {
  name: 'GroupPolicyTeam',
  one: 'Team of a policy',
  many: 'Teams of a policy',
  label: 'team_id',
  required: ['team_id'],
  fields: { team_id: field(Id, 'Team', 'The team.'), role },
};
