import { z } from 'zod';
import type { Target } from '../commands/index.ts';
import { ask, ensure, find, isCalled } from './ensure.ts';

/** What the desk is called on the site, and its connections to it. */
const name = 'Gatehouse Desk';

const Named = z.object({ name: z.string() });
const Account = Named.extend({ id: z.number(), client_id: z.string() });
const AccountSecret = z.object({ client_id: z.string(), client_secret: z.string() });
const DeskSite = Named.extend({ siteId: z.string(), url: z.string(), clientId: z.string() });
const Connection = Named.extend({ connectionId: z.string(), settings: z.object({ url: z.string() }) });
const Token = z.object({ token: z.string() });
const Events = z.object({ eventsUrl: z.string() });
const Recipient = Named.extend({ id: z.number() });

const permissions = ['read', 'write', 'create'].map((act) => `cases.${act}`);
const events = [
  ...['begin', 'end', 'owner_changed', 'member_added', 'member_departed'],
  ...['rep_exit_survey_completed', 'customer_exit_survey_completed'],
].map((event) => `support_conference_${event}`);

/** The desk makes keys on the site and is told of its sessions, and its own cases hold them. */
export const wireDesk = async (site: Target, desk: Target): Promise<void> => {
  const known = await find(desk, '/api/sites', DeskSite, (one) => isCalled(name)(one.name));
  const connected = await find(desk, '/api/connections', Connection, (one) => isCalled(name)(one.name));
  // Another start may have other ports.
  const isHere = known?.url === site.url && connected?.settings.url === desk.url;
  if (!isHere) await connect(site, desk, known, connected);
  await ensure(
    desk,
    '/api/cases',
    z.object({ subject: z.string() }),
    () => true,
    () => ({
      subject: 'The printer on the third floor prints blank pages',
      description: 'Since this morning. The display says that it is ready.',
    }),
  );
};

const connect = async (
  site: Target,
  desk: Target,
  known: z.output<typeof DeskSite> | null,
  connected: z.output<typeof Connection> | null,
): Promise<void> => {
  await ask(site, 'PATCH', '/api/options', z.unknown(), { enableXmlApi: true });
  const account = await ensure(
    site,
    '/api/api-accounts',
    Account,
    (one) => isCalled(name)(one.name),
    () => ({
      name,
      perm_command: 'full_access',
      perm_reporting_support: true,
      comments: 'The desk of “gatehouse up”.',
    }),
  );
  const secret = await ask(site, 'POST', `/api/api-accounts/${account.id}/secret`, AccountSecret, {});
  const settings = { name, url: site.url, clientId: secret.client_id, clientSecret: secret.client_secret };
  const { siteId } =
    known === null
      ? await ask(desk, 'POST', '/api/sites', DeskSite, settings)
      : await ask(desk, 'PATCH', `/api/sites/${known.siteId}`, DeskSite, settings);
  const url = connected === null ? await add(desk, siteId) : await move(desk, connected.connectionId);
  const recipients = '/api/outbound-events/recipients';
  const wanted = { name, url, allow_http: true, events, retry_interval: 10 };
  const recipient = await find(site, recipients, Recipient, (one) => isCalled(name)(one.name));
  if (recipient === null) await ask(site, 'POST', recipients, z.unknown(), wanted);
  else await ask(site, 'PATCH', `${recipients}/${recipient.id}`, z.unknown(), wanted);
};

const table = 'support';
const fields = {
  ...{ sessionIds: 'Session IDs', sessionKey: 'Session key', sessionUrl: 'Session URL' },
  ...{ sessionKeyExpires: 'Session key expires', lastSessionStatus: 'Status of the last session' },
  ...{ lastSessionEnd: 'End of the last session', surveyRating: 'Rating of the survey' },
  jumpSearch: 'Jump Client search criteria',
};

/** A token is for the address it was given for, so that it gets a new one. */
const move = async (desk: Target, connectionId: string): Promise<string> => {
  const path = `/api/connections/${connectionId}`;
  const token = await newToken(desk);
  await ask(desk, 'PATCH', path, z.unknown(), { settings: { url: desk.url, token, table, fields } });
  return (await ask(desk, 'POST', `${path}/secret`, Events, {})).eventsUrl;
};

/** The desk's own cases as the desk of the site, by an account like those of other programs. */
const add = async (desk: Target, siteId: string): Promise<string> => {
  const token = await newToken(desk);
  const { eventsUrl } = await ask(desk, 'POST', '/api/connections', Events, {
    ...{ name, desk: 'builtin', siteId, senders: ['127.0.0.0/8', '::1'], assignment: { to: 'general' } },
    settings: { url: desk.url, token, table, fields },
  });
  return eventsUrl;
};

const newToken = async (desk: Target): Promise<string> => {
  const login = 'support-sessions';
  const own = await find(desk, '/api/accounts', z.object({ id: z.string(), login: z.string() }), (one) =>
    isCalled(login)(one.login),
  );
  const may = [...permissions, 'notes.read', 'notes.write', 'replies.write', 'people.read'];
  const { token } =
    own === null
      ? await ask(desk, 'POST', '/api/accounts', Token, { login, permissions: may })
      : await ask(desk, 'POST', `/api/accounts/${own.id}/token`, Token, {});
  return token;
};
