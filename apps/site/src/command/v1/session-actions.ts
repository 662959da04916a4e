import { z } from 'zod';
import { listCustomFields } from '../../custom-fields/index.ts';
import { Refusal } from '../../objects/index.ts';
import { getOptions } from '../../options/index.ts';
import {
  changeSessionAttributes,
  endSession,
  externalKeyName,
  findQueue,
  findSession,
  isQueueAvailable,
  joinSession,
  leaveSession,
  makeKey,
  parseQueue,
  redeemKey,
  type Speaker,
  sayInSession,
  transferSession,
  writeInvitation,
} from '../../support/index.ts';
import { element, lsid, whole, words } from '../../xml-api/index.ts';
import { findRepresentative, who } from '../people.ts';
import { defineAction } from './action.ts';

/** A session that is over and one that never was are the same to a program. */
const there = <T>(found: T | null): T => {
  if (found === null) throw new Refusal([{ field: 'lsid', message: 'There is no such session.' }]);
  return found;
};

export const generateSessionKey = defineAction({
  ...{ name: 'generate_session_key', needs: 'full_access' },
  parameters: z.object({
    type: z.literal('support', 'The only type is support.'),
    queue_id: words(300, 1),
    ttl: whole(60, 31_536_000).optional(),
    priority: whole(1, 3).optional(),
    // A known program says it so.
    'session.priority': whole(1, 3).optional(),
    // Older programs send it so; `session.custom.external_key` is the newer name.
    external_key: words(1_024).optional(),
    url_hostname: words(253, 1)
      .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i, 'This is no name of a host.')
      .optional(),
  }),
  run: async ({ change, support, baseUrl, parameters, attributes }) =>
    change(async (changing) => {
      const { tx, now } = changing;
      const { external_key: old, url_hostname: hostname, ttl: seconds } = parameters;
      const priority = parameters.priority ?? parameters['session.priority'];
      const key = await makeKey(changing, support.keyHash, {
        ...{ wanted: parseQueue(parameters.queue_id), seconds, priority },
        attributes: { ...(old !== undefined && { [externalKeyName]: old }), ...attributes },
      });
      const { url, subject, body } = writeInvitation(await getOptions(tx), baseUrl(), key, hostname);
      const { queue } = key;
      return element('session_key', [
        element('type', 'support'),
        element('expires', Math.floor(key.expiresAt.getTime() / 1_000)),
        element('queue', queue.type, { available: Number(await isQueueAvailable(tx, queue, now)) }),
        ...(queue.type === 'general' ? [] : [element('queue_id', queue.id)]),
        ...(key.externalKey === '' ? [] : [element('external_key', key.externalKey)]),
        element('short_key', key.short.reveal()),
        element('key_url', url),
        element('mail_subject', subject),
        element('mail_body', body),
      ]);
    }),
});

export const joinSessionAction = defineAction({
  ...{ name: 'join_session', needs: 'full_access', parameters: z.object({ lsid, ...who }) },
  run: async ({ change, parameters }) =>
    change(async (changing) => {
      const representative = await findRepresentative(changing.tx, parameters, changing.now);
      there(await joinSession(changing, parameters.lsid, representative));
      return element('success', 'Representative successfully added');
    }),
});

// Its parameters are not public: they are taken to be those of join_session.
export const leaveSessionAction = defineAction({
  ...{ name: 'leave_session', needs: 'full_access', parameters: z.object({ lsid, ...who }) },
  run: async ({ change, parameters }) =>
    change(async (changing) => {
      const representative = await findRepresentative(changing.tx, parameters, changing.now);
      there(await leaveSession(changing, parameters.lsid, representative));
      return element('success', 'Representative successfully removed');
    }),
});

export const transferSessionAction = defineAction({
  ...{ name: 'transfer_session', needs: 'full_access', parameters: z.object({ lsid, queue_id: words(300, 1) }) },
  run: async ({ change, parameters }) =>
    change(async (changing) => {
      const { queue } = await findQueue(changing.tx, parseQueue(parameters.queue_id));
      there(await transferSession(changing, parameters.lsid, queue));
      return element('success', 'Successfully transferred');
    }),
});

export const terminateSession = defineAction({
  ...{ name: 'terminate_session', needs: 'full_access', parameters: z.object({ lsid }) },
  run: async ({ change, parameters }) =>
    change(async (changing) => {
      there(await endSession(changing, parameters.lsid, 'ended_by_program'));
      return element('success', 'Successfully terminated');
    }),
});

export const setSessionAttributes = defineAction({
  ...{ name: 'set_session_attributes', needs: 'full_access', parameters: z.object({ lsid }) },
  run: async ({ change, parameters, attributes }) =>
    change(async (changing) => {
      if (Object.keys(attributes).length === 0)
        throw new Refusal([{ field: 'session.custom.<code name>', message: 'Name an attribute.' }]);
      there(await changeSessionAttributes(changing, parameters.lsid, attributes));
      return element('success', 'Session attributes were set');
    }),
});

export const getSessionAttributes = defineAction({
  ...{ name: 'get_session_attributes', needs: 'read_only', parameters: z.object({ lsid }) },
  run: async ({ read, parameters }) =>
    read(async (tx) => {
      const session = await findSession(tx, parameters.lsid);
      const { externalKey, fields } = there(session?.state === 'ended' ? null : session).attributes;
      const known = await listCustomFields(tx);
      return element('custom_attributes', [
        element('custom_attribute', externalKey, { display_name: 'External Key', code_name: externalKeyName }),
        ...known.map(({ codeName, displayName }) =>
          element('custom_attribute', fields[codeName] ?? '', { display_name: displayName, code_name: codeName }),
        ),
      ]);
    }),
});

export const sendChatMessage = defineAction({
  ...{ name: 'send_chat_message', needs: 'full_access' },
  // Messages to teams are not here.
  parameters: z.object({ lsid, body: words(10_000, 1), impersonate: words(300, 1).default('system') }),
  run: async ({ change, parameters }) =>
    change(async (changing) => {
      const said = parameters.impersonate;
      const isOne = said === 'system' || said === 'customer';
      const speaker: Speaker = isOne
        ? said
        : await representativeNamed(said, (named) => findRepresentative(changing.tx, named, changing.now));
      there(await sayInSession(changing, parameters.lsid, parameters.body, speaker));
      return element('success', 'Chat message was sent');
    }),
});

const representativeNamed = async <T>(
  text: string,
  find: (named: { rep_id?: number; rep_username?: string }) => Promise<T>,
): Promise<T> => {
  const [, repId] = /^rep:([1-9]\d{0,8})$/.exec(text) ?? [];
  if (repId !== undefined) return await find({ rep_id: Number(repId) });
  const [, username] = /^rep_username:(.{1,255})$/su.exec(text) ?? [];
  if (username !== undefined) return await find({ rep_username: username });
  const message = 'Write system, customer, rep:<id> or rep_username:<name>.';
  throw new Refusal([{ field: 'impersonate', message }]);
};

// The root of the answer is not public and so is ours. It has no links, because no page leads into a session.
export const createVirtualCustomer = defineAction({
  ...{ name: 'create_virtual_customer', needs: 'full_access' },
  parameters: z.object({
    short_key: z.string().regex(/^\d{7}$/, 'A session key has seven digits.'),
    name: words(100, 1),
    ip_address: z.union([z.ipv4(), z.ipv6()], 'This is no address.'),
    operating_system: words(100, 1),
    computer_name: words(255, 1),
  }),
  run: async ({ support, by, address, parameters: given }) => {
    const { lsid: begun } = await redeemKey(support, by, given.short_key, address, {
      ...{ name: given.name, company: '', issue: '', hostname: given.computer_name },
      ...{ operatingSystem: given.operating_system, address: given.ip_address },
    });
    return element('virtual_customer', [element('lsid', begun)]);
  },
});
