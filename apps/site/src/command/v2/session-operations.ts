import type { z } from 'zod';
import { writeTime } from '../../api/shape.ts';
import type { Asked, Operation } from '../../configuration/index.ts';
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
  type Speaker,
  sayInSession,
  transferSession,
  type Wanted,
  writeInvitation,
} from '../../support/index.ts';
import type { CommandParts } from '../command-parts.ts';
import { requireSignedIn } from '../people.ts';
import * as schemas from './schemas.ts';

/** Words where something was done; null where there is no such session. */
const said = (found: object | null, message: string) => (found === null ? null : { body: { message } });
const lsidOf = ({ names }: Asked): string => names.lsid ?? '';

/** Operations about sessions and their keys. */
export const sessionOperations = ({ support, baseUrl }: CommandParts): readonly Operation[] => [
  {
    ...{ method: 'POST', path: '/session-key', needs: 'full_access', status: 201, body: schemas.SessionKeyInput },
    ...{ summary: 'Makes a session key; it is answered this once.', answers: schemas.SessionKey },
    run: async (asked) => {
      const { tx, now } = asked;
      const body = schemas.SessionKeyInput.parse(asked.body);
      const { ttl: seconds, priority, session_attributes: attributes = {}, url_hostname: hostname } = body;
      const key = await makeKey(asked, support.keyHash, { wanted: toWanted(body), seconds, priority, attributes });
      const invitation = writeInvitation(await getOptions(tx), baseUrl(), key, hostname);
      return {
        body: {
          ...{ expires: writeTime(key.expiresAt), queue_type: key.queue.type },
          queue_id: key.queue.type === 'general' ? null : key.queue.id,
          queue_available: await isQueueAvailable(tx, key.queue, now),
          ...{ external_key: key.externalKey, short_key: key.short.reveal(), key_url: invitation.url },
          ...{ mail_subject: invitation.subject, mail_body: invitation.body },
        },
      };
    },
  },
  {
    ...{
      method: 'GET',
      path: '/session/{lsid}',
      needs: 'read_only',
      status: 200,
      answers: schemas.Attribute,
      list: true,
    },
    summary: 'The attributes of a session that goes on.',
    run: async (asked) => {
      const session = await findSession(asked.tx, lsidOf(asked));
      if (session === null || session.state === 'ended') return null;
      const { externalKey, fields } = session.attributes;
      const known = await listCustomFields(asked.tx);
      return {
        body: [
          { code_name: externalKeyName, display_name: 'External Key', value: externalKey },
          ...known.map(({ codeName, displayName }) => ({
            ...{ code_name: codeName, display_name: displayName, value: fields[codeName] ?? '' },
          })),
        ],
      };
    },
  },
  {
    ...{ method: 'PATCH', path: '/session/{lsid}', needs: 'full_access', status: 200, body: schemas.AttributesInput },
    ...{ summary: 'Changes attributes; an empty text clears one.', answers: schemas.Message },
    run: async (asked) => {
      const attributes = schemas.AttributesInput.parse(asked.body);
      // Where nothing is named nothing happened, which is no event.
      const isNothing = Object.keys(attributes).length === 0;
      const found = isNothing
        ? await findSession(asked.tx, lsidOf(asked))
        : await changeSessionAttributes(asked, lsidOf(asked), attributes);
      return said(found, 'Session attributes were set');
    },
  },
  {
    ...{ method: 'DELETE', path: '/session/{lsid}', needs: 'full_access', status: 204 },
    summary: 'Ends a session.',
    run: async (asked) => ((await endSession(asked, lsidOf(asked), 'ended_by_program')) === null ? null : {}),
  },
  // The next ones have paths of our own: public pages name them, and do not show their addresses.
  {
    ...{ method: 'POST', path: '/session/{lsid}/user/{id}', needs: 'full_access', status: 200 },
    ...{ summary: 'Adds a representative who is signed in.', answers: schemas.Message },
    run: async (asked) => {
      const who = await requireSignedIn(asked.tx, asked.ids.id ?? 0, asked.now);
      return said(await joinSession(asked, lsidOf(asked), who), 'Representative successfully added');
    },
  },
  {
    ...{ method: 'DELETE', path: '/session/{lsid}/user/{id}', needs: 'full_access', status: 204 },
    summary: 'Takes a representative out of a session.',
    run: async (asked) => {
      const who = await requireSignedIn(asked.tx, asked.ids.id ?? 0, asked.now);
      return (await leaveSession(asked, lsidOf(asked), who)) === null ? null : {};
    },
  },
  {
    ...{ method: 'POST', path: '/session/{lsid}/transfer/user/{id}', needs: 'full_access', status: 200 },
    ...{ summary: 'Transfers a session to a representative.', answers: schemas.Message },
    run: (asked) => transfer(asked, 'rep'),
  },
  {
    ...{ method: 'POST', path: '/session/{lsid}/transfer/team/{id}', needs: 'full_access', status: 200 },
    ...{ summary: 'Transfers a session to a team.', answers: schemas.Message },
    run: (asked) => transfer(asked, 'team'),
  },
  {
    ...{ method: 'POST', path: '/session/{lsid}/chat', needs: 'full_access', status: 200, body: schemas.ChatInput },
    ...{ summary: 'Says something to everybody in a session.', answers: schemas.Message },
    run: async (asked) => {
      const { body, user_id: userId, as_customer: asCustomer } = schemas.ChatInput.parse(asked.body);
      if (userId !== undefined && asCustomer)
        throw new Refusal([{ field: 'user_id', message: 'Name a representative or the customer, not both.' }]);
      const speaker: Speaker = userId !== undefined ? { userId } : asCustomer ? 'customer' : 'system';
      return said(await sayInSession(asked, lsidOf(asked), body, speaker), 'Chat message was sent');
    },
  },
];

const transfer = async (asked: Asked, type: 'rep' | 'team') => {
  const { queue } = await findQueue(asked.tx, { type, id: asked.ids.id ?? 0 });
  return said(await transferSession(asked, lsidOf(asked), queue), 'Successfully transferred');
};

/** One of three ways to name a queue, which exclude each other. @throws Refusal */
const toWanted = ({
  queue_type: type,
  queue_id: id,
  rep_username: username,
  issue_code_name: codeName,
}: z.output<typeof schemas.SessionKeyInput>): Wanted => {
  const refusal = (field: string, message: string) => new Refusal([{ field, message }]);
  if ([type, username, codeName].filter((one) => one !== undefined).length !== 1)
    throw refusal('queue_type', 'Name one of queue_type, rep_username and issue_code_name.');
  if ((type === 'rep' || type === 'team') !== (id !== undefined))
    throw refusal('queue_id', 'This stands with the queue types rep and team, and only with them.');
  if (username !== undefined) return { type: 'rep_username', username };
  if (codeName !== undefined) return { type: 'issue', codeName };
  return type === 'rep' || type === 'team' ? { type, id: id ?? 0 } : { type: 'general' };
};
