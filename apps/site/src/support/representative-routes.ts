import type { Sql } from '@gatehouse/database';
import { isMailAddress } from '@gatehouse/host';
import { putMail, summariseMails, toSubject } from '@gatehouse/mail';
import { type Act, type App, audit, problems } from '@gatehouse/server';
import { z } from 'zod';
import {
  ConsoleAnswer,
  ConsoleId,
  ConsoleInput,
  Lsid,
  MySupportSessions,
  NewSessionKey,
  SessionKeyInput,
  SupportSession,
  TransferInput,
} from '../api/support.ts';
import { inWords } from '../objects/index.ts';
import { getOptions } from '../options/index.ts';
import { externalKeyName } from './attributes.ts';
import { forgetConsole, keepConsole, listSignedIn, setStatus } from './consoles.ts';
import type { Change } from './in-session.ts';
import { joinInvited, listInvited } from './invitations.ts';
import { writeInvitation } from './keys/invitation.ts';
import { makeKey, type SessionKey } from './keys/make-key.ts';
import type { Support } from './open-support.ts';
import { findQueue, parseQueue } from './queues.ts';
import { mayTake, mayTransferTo, type Rights } from './rights.ts';
import { requireOwner, requireRepresentative, see } from './see.ts';
import { endSession, leaveSession, takeSession, transferSession } from './sessions.ts';
import { listSessionsOf, listWaiting, type SupportSession as Session } from './store.ts';
import { toViews } from './views.ts';

const config = { access: 'signed-in' } as const;
const tags = ['remote support'];
const OneConsole = z.object({ clientId: ConsoleId });
const OneSession = z.object({ lsid: Lsid });

/** What representatives do themselves; to whoever may not provide support there is nothing here. */
export const serveSupportOfRepresentatives = (app: App, support: Support): void => {
  const { database, clock } = support;
  const act = <T>(by: Act, work: (change: Change, rights: Rights) => Promise<T>): Promise<T> =>
    inWords(() =>
      database.system(async (tx) => work({ tx, by, now: clock.now() }, await requireRepresentative(tx, by))),
    );

  app.put(
    '/api/support/consoles/:clientId',
    {
      config,
      schema: {
        ...{ summary: 'Say that the console is open, and set the status', tags, params: OneConsole },
        ...{ body: ConsoleInput, response: { 200: ConsoleAnswer } },
      },
    },
    async ({ act: by, params: { clientId }, body: { status }, ip }) =>
      act(by, async ({ tx, now }, rights) => {
        const { userId } = rights;
        if (!(await keepConsole(tx, { clientId, userId, address: ip }, now)))
          throw problems.conflict('You were signed out of this console. Open it anew.');
        if (status !== undefined) await setStatus(tx, userId, status, now);
        const [here] = await listSignedIn(tx, now, userId);
        return {
          ...{ status: here?.status ?? 'available', sessions: here?.sessions ?? 0 },
          rights: {
            ...{ makeKeys: rights.mayMakeKeys, takeGeneral: rights.takesGeneral, takeTeams: rights.takesTeams },
            ...{ transferAnywhere: rights.transfersAnywhere, end: rights.mayEnd },
          },
        };
      }),
  );
  app.delete(
    '/api/support/consoles/:clientId',
    {
      config,
      schema: { summary: 'Say that the console is closed', tags, params: OneConsole, response: { 204: z.void() } },
    },
    async ({ act: by, params: { clientId } }, reply) => {
      await act(by, ({ tx }, { userId }) => forgetConsole(tx, userId, clientId));
      return reply.code(204).send();
    },
  );
  app.get(
    '/api/support/sessions',
    {
      config,
      schema: { summary: 'Own support sessions, and those that wait', tags, response: { 200: MySupportSessions } },
    },
    async ({ act: by }) =>
      act(by, async ({ tx }, rights) => ({
        invited: await toViews(tx, await listInvited(tx, rights.userId)),
        mine: await toViews(tx, await listSessionsOf(tx, rights.userId)),
        items: await toViews(
          tx,
          (await listWaiting(tx)).filter(({ queue }) => mayTake(rights, queue)),
        ),
      })),
  );

  /** One route for what happens to a session that they may see. */
  const onSession = (
    what: string,
    summary: string,
    work: (change: Change, rights: Rights, session: Session) => Promise<Session | null>,
  ) =>
    app.post(
      `/api/support/sessions/:lsid/${what}`,
      { config, schema: { summary, tags, params: OneSession, response: { 200: SupportSession } } },
      async ({ act: by, params: { lsid } }) =>
        act(by, async (change, rights) =>
          answer(change.tx, await work(change, rights, await see(change.tx, rights, lsid))),
        ),
    );
  onSession('join', 'Take a session that waits, or join one that you were invited to', (change, rights, session) =>
    session.state === 'waiting' ? takeSession(change, session.lsid, rights) : joinInvited(change, rights, session),
  );
  onSession('leave', 'Leave a session', (change, rights, { lsid }) => leaveSession(change, lsid, rights));
  onSession('end', 'End a session', async (change, rights, session) => {
    if (!rights.mayEnd) throw problems.forbidden('You may leave sessions, and not end them.');
    await requireOwner(change.tx, rights, session);
    return await endSession(change, session.lsid, 'ended_by_representative');
  });
  app.post(
    '/api/support/sessions/:lsid/transfer',
    {
      config,
      schema: {
        ...{ summary: 'Transfer a session to another queue', tags, params: OneSession, body: TransferInput },
        response: { 200: SupportSession },
      },
    },
    async ({ act: by, params: { lsid }, body }) =>
      act(by, async (change, rights) => {
        const session = await see(change.tx, rights, lsid);
        await requireOwner(change.tx, rights, session);
        const { queue } = await findQueue(change.tx, parseQueue(body.queue));
        if (!mayTransferTo(rights, queue)) throw problems.forbidden('You may not transfer sessions to that team.');
        return await answer(change.tx, await transferSession(change, lsid, queue));
      }),
  );
  app.post(
    '/api/support/session-keys',
    {
      config,
      schema: {
        ...{ summary: 'Make a session key; it is answered this once', tags, body: SessionKeyInput },
        response: { 201: NewSessionKey },
      },
    },
    async ({ act: by, body }, reply) => {
      const made = await act(by, async (change, { mayMakeKeys }) => {
        if (!mayMakeKeys) throw problems.forbidden('You may not make session keys.');
        const { externalKey, attributes = {}, ttl: seconds, queue, email, ...rest } = body;
        if (email !== undefined) await requireMail(change.tx, email);
        const key = await makeKey(change, support.keyHash, {
          ...{ ...rest, seconds, wanted: parseQueue(queue) },
          attributes: { ...attributes, ...(externalKey !== undefined && { [externalKeyName]: externalKey }) },
        });
        const { url, subject, body: words } = writeInvitation(await getOptions(change.tx), support.baseUrl(), key);
        const mailId = email === undefined ? null : await sendInvitation(change, key, email, { subject, words });
        return { key, url, subject, words, mailId };
      });
      const { key, url, subject, words, mailId } = made;
      reply.code(201);
      return {
        ...{ id: key.id, key: key.short.reveal(), url, subject, body: words },
        ...{ expiresAt: key.expiresAt.toISOString(), mailId },
      };
    },
  );

  /** Sealed, because it opens a session, and not sent once it opens none. */
  const sendInvitation = async (
    { tx, by, now }: Change,
    { id, externalKey, expiresAt }: SessionKey,
    to: string,
    { subject, words }: { readonly subject: string; readonly words: string },
  ): Promise<string> => {
    const about = externalKey || `Session key ${id}`;
    const mail = { kind: 'session-key', about, recipients: [to], subject: toSubject(subject), text: words };
    const mailId = await putMail(tx, { ...mail, until: expiresAt, at: now }, support.sealer);
    await audit(tx, by, { action: 'session-key.mail', target: `Session key ${id}`, change: { to } });
    return mailId;
  };
};

/** Before a key is made that nobody would get. */
const requireMail = async (tx: Sql, email: string): Promise<void> => {
  if (!isMailAddress(email))
    throw problems.invalid([{ field: 'email', message: 'Enter an address like name@example.com.' }]);
  if (!(await summariseMails(tx)).isSetUp)
    throw problems.conflict('This site sends no mail yet: an administrator has to enter a mail server.');
};

const answer = async (tx: Sql, session: Session | null) => {
  const [view] = session === null ? [] : await toViews(tx, [session]);
  if (view === undefined) throw problems.notFound();
  return view;
};
