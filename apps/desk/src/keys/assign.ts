import type { DeskPerson, Ticket } from '@gatehouse/desk-kit';
import { problems } from '@gatehouse/server';
import type { Assignment } from '../api/connections.ts';
import type { OpenDesk } from '../connections/index.ts';
import type { SiteClient } from '../sites/index.ts';

/** Where a customer will wait, as the site writes it and as people read it. */
export interface Queue {
  readonly queue: string;
  readonly words: string;
}

/**
 * The queue that a rule leads to. Whoever is not there, or there twice, is named before anything is made.
 * @throws Problem 409 in words for whoever pressed the button
 */
export const resolveQueue = async (
  { desk, client }: OpenDesk,
  site: SiteClient,
  { ticket, assignment, email }: { readonly ticket: Ticket; readonly assignment: Assignment; readonly email: string },
): Promise<Queue> => {
  switch (assignment.to) {
    case 'general':
      return { queue: 'general', words: 'The general queue' };
    case 'representative':
      return personal(site, assignment.username, assignment.username);
    case 'me':
      return ofPerson(site, await findTechnician({ desk, client }, email));
    case 'assignee':
      if (ticket.assignee === null) throw problems.conflict(`Nobody is assigned to ${ticket.number}.`);
      return ofPerson(site, ticket.assignee);
    case 'person-field': {
      const named = fieldOf(ticket, assignment.field);
      const by = named.includes('@') ? { email: named } : { login: named };
      return ofPerson(
        site,
        only(await desk.findPeople(client, by), `called “${named}”, as the field “${assignment.field}” says`),
      );
    }
    case 'team-field':
      return ofTeam(site, fieldOf(ticket, assignment.field));
    case 'group':
      if (ticket.group === null) throw problems.conflict(`${ticket.number} is in no team.`);
      return ofTeam(site, ticket.group);
    case 'team':
      return ofTeam(site, assignment.team);
  }
};

/** Whoever asks, as the desk and the site know them. @throws Problem 409 */
export const findTechnician = async ({ desk, client }: Pick<OpenDesk, 'desk' | 'client'>, email: string) =>
  only(await desk.findPeople(client, { email }), `with the address ${email}`);

const personal = async (site: SiteClient, username: string, name: string): Promise<Queue> => {
  const known = await site.findUsers(username);
  if (known?.length === 0) throw problems.conflict(`The site knows nobody with the user name “${username}”.`);
  if (known !== null && known.length > 1)
    throw problems.conflict(`The site knows several people with the user name “${username}”.`);
  return { queue: `rep_username:${username}`, words: `The personal queue of ${name}` };
};
const ofPerson = (site: SiteClient, { login, name }: DeskPerson): Promise<Queue> =>
  personal(site, login, name || login);

const only = (found: readonly DeskPerson[], whom: string): DeskPerson => {
  const [one, another] = found;
  if (one === undefined) throw problems.conflict(`The desk knows nobody ${whom}.`);
  if (another !== undefined)
    throw problems.conflict(`The desk knows several people ${whom}: ${found.map(({ login }) => login).join(', ')}.`);
  return one;
};

const fieldOf = ({ custom, number }: Ticket, field: string): string => {
  const values = custom.get(field);
  if (values === undefined)
    throw problems.conflict(`${number} has no field “${field}”, or it is not shown to this program.`);
  const [value = '', another] = values;
  if (value === '') throw problems.conflict(`The field “${field}” of ${number} is empty.`);
  if (another !== undefined) throw problems.conflict(`The field “${field}” of ${number} has several values.`);
  return value;
};

const ofTeam = async ({ command }: SiteClient, name: string): Promise<Queue> => {
  const teams = (await command.getSupportTeams()).filter((team) => team.name.toLowerCase() === name.toLowerCase());
  const [team, another] = teams;
  if (team === undefined) throw problems.conflict(`The site has no team “${name}”.`);
  if (another !== undefined) throw problems.conflict(`The site has several teams “${name}”.`);
  return { queue: `team:${team.id}`, words: `The team ${team.name}` };
};
