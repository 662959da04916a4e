import { Fault } from '@gatehouse/kernel';
import { refusedWith, type Send } from '../wire/send.ts';
import {
  all,
  attributeOf,
  numberOf,
  readXml,
  requiredNumber,
  requiredText,
  textIn,
  type XmlElement,
} from '../wire/xml.ts';

/** `general`, `rep:7`, `team:3`, `rep_username:anna` or `issue:printer`. */
export type QueueName = string;

export interface SessionKeyWanted {
  readonly queue: QueueName;
  readonly seconds?: number;
  readonly priority?: number;
  /** By code name; `external_key` is the key of the ticket. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Somebody who is spoken for by a program. */
export interface VirtualCustomer {
  readonly name: string;
  readonly address: string;
  readonly operatingSystem: string;
  readonly computerName: string;
}

/** A representative by id or by name. */
export type Rep = { readonly id: number } | { readonly username: string };

/** The Command API in XML. Every call throws a Fault; what the site refuses in words is `misconfigured`. */
export const commandV1 = (send: Send) => {
  const ask = async (
    action: string,
    parameters: Readonly<Record<string, string | number | undefined>>,
    root: string,
  ) => {
    const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
    const form = new URLSearchParams({
      action,
      ...Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
    });
    const { status, text } = await send({
      ...{ method: 'POST', path: '/api/command', type: 'application/x-www-form-urlencoded', body: form.toString() },
    });
    const element = readXml(text);
    // Errors come with status 200, as the root or, from some sites, within it.
    const [error] = element.name === 'error' ? [element] : all(element, 'error');
    if (error !== undefined) throw refusedWith(error.text, action);
    if (status !== 200 || element.name !== root)
      throw new Fault('unexpected', 'The site answered something that is not known.', `${action}: ${element.name}`);
    return element;
  };
  const done = async (action: string, parameters: Readonly<Record<string, string | number | undefined>>) =>
    (await ask(action, parameters, 'success')).text.trim();
  const custom = (attributes: Readonly<Record<string, string>> = {}) =>
    Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`session.custom.${name}`, value]));
  const named = (rep: Rep) => ('id' in rep ? { rep_id: rep.id } : { rep_username: rep.username });

  return {
    getApiInfo: async () => {
      const info = await ask('get_api_info', {}, 'api_information');
      const permissions = all(info, 'permissions').flatMap((one) => all(one, 'permission'));
      return {
        version: requiredText(info, 'api_version'),
        // Newer sites leave it out.
        company: textIn(info, 'company_name'),
        at: new Date(requiredNumber(info, 'timestamp') * 1_000),
        permissions: new Map(permissions.map((one) => [attributeOf(one, 'name'), one.text.trim()])),
      };
    },
    checkHealth: async () => {
      const health = await ask('check_health', {}, 'health_check');
      const [appliance] = all(health, 'appliance');
      return {
        ...{ applianceId: appliance?.attributes.get('id') ?? null, hostname: appliance?.text.trim() ?? null },
        ...{ version: requiredText(health, 'version'), healthy: requiredText(health, 'success') === '1' },
        ...{ failoverRole: textIn(health, 'failover_role'), message: textIn(health, 'error_message') },
      };
    },
    getAppliances: async () =>
      all(await ask('get_appliances', {}, 'appliances'), 'appliance').map((one) => ({
        ...{ id: attributeOf(one, 'id'), name: textIn(one, 'name') ?? '', hostname: textIn(one, 'public_hostname') },
        ...{
          clusterRole: textIn(one, 'cluster_role'),
          acceptsConnections: textIn(one, 'accepting_connections') === '1',
        },
      })),
    getLoggedInReps: async () =>
      all(await ask('get_logged_in_reps', {}, 'logged_in_reps'), 'rep').map((rep) => ({
        ...{ id: numberOf(rep, 'id'), name: textIn(rep, 'public_display_name') ?? requiredText(rep, 'display_name') },
        ...{ privateName: textIn(rep, 'private_display_name'), type: textIn(rep, 'type') },
        sessions: Number(textIn(rep, 'support_session_count') ?? 0),
      })),
    getSupportTeams: async ({ members = false }: { readonly members?: boolean } = {}) =>
      all(
        await ask('get_support_teams', { showmembers: members ? 1 : undefined }, 'support_teams'),
        'support_team',
      ).map(toTeam),
    generateSessionKey: async ({ queue, seconds, priority, attributes }: SessionKeyWanted) =>
      toSessionKey(
        await ask(
          'generate_session_key',
          { type: 'support', queue_id: queue, ttl: seconds, priority, ...custom(attributes) },
          'session_key',
        ),
      ),
    getSessionAttributes: async (lsid: string) =>
      new Map(
        all(await ask('get_session_attributes', { lsid }, 'custom_attributes'), 'custom_attribute').map((one) => [
          attributeOf(one, 'code_name'),
          { name: one.attributes.get('display_name') ?? '', value: one.text },
        ]),
      ),
    setSessionAttributes: (lsid: string, attributes: Readonly<Record<string, string>>) =>
      done('set_session_attributes', { lsid, ...custom(attributes) }),
    joinSession: (lsid: string, rep: Rep) => done('join_session', { lsid, ...named(rep) }),
    leaveSession: (lsid: string, rep: Rep) => done('leave_session', { lsid, ...named(rep) }),
    transferSession: (lsid: string, queue: QueueName) => done('transfer_session', { lsid, queue_id: queue }),
    terminateSession: (lsid: string) => done('terminate_session', { lsid }),
    /** Uses the key up. The root of the answer is that of our own sites: the public text has only links. */
    createVirtualCustomer: async (shortKey: string, customer: VirtualCustomer) => {
      const { name, address, operatingSystem, computerName } = customer;
      const about = { name, ip_address: address, operating_system: operatingSystem, computer_name: computerName };
      const made = await ask('create_virtual_customer', { short_key: shortKey, ...about }, 'virtual_customer');
      return {
        lsid: textIn(made, 'lsid'),
        downloadUrl: textIn(made, 'download_url'),
        chatUrl: textIn(made, 'chat_url'),
      };
    },
    sendChatMessage: (lsid: string, body: string, impersonate?: string) =>
      done('send_chat_message', { lsid, body, impersonate }),
    setRepStatus: (repId: number, codeName: string) => done('set_rep_status', { rep_id: repId, code_name: codeName }),
    logoutRep: (repId: number) => done('logout_rep', { rep_id: repId }),
    getConnectedClients: async (type = 'all') =>
      all(await ask('get_connected_client_list', { type }, 'connected_client_list'), 'connected_client').map((one) => ({
        ...{ id: attributeOf(one, 'id'), type: attributeOf(one, 'type') },
      })),
  };
};

const toTeam = (team: XmlElement) => ({
  ...{ id: numberOf(team, 'id'), name: requiredText(team, 'name') },
  issues: all(team, 'issues')
    .flatMap((one) => all(one, 'issue'))
    .map((issue) => ({
      ...{ id: numberOf(issue, 'id'), title: textIn(issue, 'title') ?? '', codeName: textIn(issue, 'code_name') },
    })),
  members: all(team, 'members')
    .flatMap((one) => all(one, 'representative'))
    .map((member) => ({
      ...{ id: numberOf(member, 'id'), username: textIn(member, 'username'), name: textIn(member, 'display_name') },
    })),
});

const toSessionKey = (key: XmlElement) => {
  const [expires] = all(key, 'expires');
  const [queue] = all(key, 'queue');
  const queueId = textIn(key, 'queue_id');
  // Unix seconds, which some versions have in an attribute beside words.
  const seconds = expires?.attributes.has('ts') ? numberOf(expires, 'ts') : requiredNumber(key, 'expires');
  const expiresAt = new Date(seconds * 1_000);
  if (Number.isNaN(expiresAt.getTime()))
    throw new Fault('unexpected', 'The site answered something that is not known.', `a key expires at ${seconds}`);
  return {
    shortKey: requiredText(key, 'short_key'),
    url: requiredText(key, 'key_url'),
    expiresAt,
    queue: { type: queue?.text.trim() ?? '', id: queueId === null ? null : Number(queueId) },
    /** Null: the site does not say. */
    available: queue?.attributes.has('available') ? queue.attributes.get('available') === '1' : null,
    externalKey: textIn(key, 'external_key'),
    mail: { subject: textIn(key, 'mail_subject') ?? '', body: textIn(key, 'mail_body') ?? '' },
  };
};
