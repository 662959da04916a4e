import { z } from 'zod';
import { Flag, field, Id } from './shape.ts';

/** How long somebody may be idle in a session, in seconds; -1: as the site says, 0: for ever. */
export const idleTimeouts = [-1, 0, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 43200, 86400];

export const IdleSeconds = z
  .int('Enter a whole number.')
  .min(-1)
  .max(86_400)
  .refine((seconds) => idleTimeouts.includes(seconds), `Choose one of ${idleTimeouts.join(', ')}.`);

const flag = (title: string, description: string, about: { readOnly?: true }): z.ZodType =>
  field(Flag, title, description, { default: false, ...about });

/** What a group policy gives and a user has: the same names in both, written in the one and read in the other. */
export const permissions = (about: { readOnly?: true }): Readonly<Record<string, z.ZodType>> => ({
  perm_share_other_team: flag(
    'Share sessions with other teams',
    'May share sessions with teams that they are not in.',
    about,
  ),
  perm_invite_external_user: flag('Invite outsiders', 'May invite people without an account into a session.', about),
  perm_session_idle_timeout: field(
    IdleSeconds,
    'Idle limit of a session',
    'Seconds without use after which somebody leaves a session. -1: as the site says. 0: never.',
    { default: -1, ...about },
  ),
  perm_extended_availability_mode_allowed: flag(
    'Extended availability',
    'May be invited to sessions while signed out.',
    about,
  ),
  perm_edit_external_key: flag('Edit the external key', 'May change the external key of a session.', about),
  perm_collaborate: flag('Show the screen to others', 'May show their screen to other users.', about),
  perm_collaborate_control: flag('Give control to others', 'May give control while showing their screen.', about),
  perm_jump_client: flag('Jump Clients', 'May open sessions with Jump Clients.', about),
  perm_local_jump: flag('Local jump', 'May open local jump sessions.', about),
  perm_remote_jump: flag('Remote jump', 'May open remote jump sessions.', about),
  perm_remote_vnc: flag('VNC', 'May open VNC sessions.', about),
  perm_remote_rdp: flag('RDP', 'May open RDP sessions.', about),
  perm_shell_jump: flag('Shell (SSH)', 'May open shell sessions.', about),
  perm_web_jump: flag('Web', 'May open web sessions.', about),
  perm_protocol_tunnel: flag('Protocol tunnel', 'May open protocol tunnels.', about),
  perm_sd_static_port_for_external_tools: flag(
    'Static port for own tools',
    'May use a static port and user name for sessions with tools of their own.',
    about,
  ),
  default_jump_item_role_id: role('Default Jump item role', 'The role where a Jump group names none.', about),
  private_jump_item_role_id: role('Personal Jump item role', 'The role for Jump items of their own.', about),
  inferior_jump_item_role_id: role('Team Jump item role', 'The role for Jump items of team members below them.', about),
  unassigned_jump_item_role_id: role('System Jump item role', 'The role for every other Jump item.', about),
});

const role = (title: string, description: string, about: { readOnly?: true }): z.ZodType =>
  field(Id, title, description, { default: 1, ...about });

/** What a group policy says about remote support. The description of the Configuration API does not have it. */
export const supportPermissions = (about: { readOnly?: true }): Readonly<Record<string, z.ZodType>> => ({
  perm_support_allowed: flag('Remote support', 'May provide remote support.', about),
  perm_generate_session_key: flag('Session keys', 'May make session keys for customers.', about),
  perm_accept_general_sessions: flag('General queue', 'May take sessions from the general queue.', about),
  perm_accept_team_sessions: flag('Team queues', 'May take sessions from the queues of their teams.', about),
  perm_transfer_other_team: flag('Transfer to other teams', 'May transfer sessions to teams they are not in.', about),
  perm_end_support_sessions: flag('End support sessions', 'May end sessions. Others only leave them.', about),
});
