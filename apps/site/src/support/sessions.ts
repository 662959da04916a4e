import { audit } from '@gatehouse/server';
import { Refusal } from '../objects/index.ts';
import { changeAttributes } from './attributes.ts';
import { addEvent } from './events.ts';
import { type Change, count, inSession, type Members, note, over } from './in-session.ts';
import { addParticipant, markLeft, type NewCustomer, type NewRepresentative } from './participants.ts';
import { type Queue, writeQueue } from './queues.ts';
import { stateAfter } from './states.ts';
import {
  insertSession,
  type NewSupportSession,
  type SupportSession,
  setActive,
  setAttributes,
  setWaiting,
} from './store.ts';

/** A customer begins a session, which waits in its queue. */
export const beginSession = async (
  { tx, by, now }: Change,
  asked: Omit<NewSupportSession, 'at'>,
  customer: NewCustomer,
): Promise<{ readonly lsid: string; readonly gsnumber: number }> => {
  const lsid = await insertSession(tx, { ...asked, at: now });
  const queue = writeQueue(asked.queue);
  await addEvent(tx, lsid, { type: 'begun', at: now, performedBy: null, body: { queue, issue: asked.issue } });
  const gsnumber = await addParticipant(tx, lsid, customer, now);
  await addEvent(tx, lsid, { type: 'member_added', at: now, performedBy: gsnumber, body: { kind: 'customer' } });
  await audit(
    tx,
    { ...by, correlationId: asked.correlationId },
    {
      action: 'support-session.begin',
      target: customer.name || 'Customer',
      change: { lsid, queue, externalKey: asked.attributes.externalKey, request: by.correlationId },
    },
  );
  return { lsid, gsnumber };
};

/** Adds a representative; whoever joins one that waits owns it. Null: there is no such session. @throws Refusal */
export const joinSession = (change: Change, lsid: string, who: NewRepresentative): Promise<SupportSession | null> =>
  inSession(change, lsid, 'join', { user: who.username }, (session, here) => admit(change, session, here, who));

/** The same for one that must still wait: of two who take it at once one comes too late. @throws Refusal */
export const takeSession = (change: Change, lsid: string, who: NewRepresentative): Promise<SupportSession | null> =>
  inSession(change, lsid, 'join', { user: who.username }, async (session, here) => {
    if (session.state !== 'waiting') throw new Refusal([], 'Somebody else took the session.');
    await admit(change, session, here, who);
  });

const admit = async (change: Change, session: SupportSession, here: Members, who: NewRepresentative): Promise<void> => {
  const held = here.find(({ userId }) => userId === who.userId);
  if (held !== undefined && session.state === 'active')
    throw new Refusal([], `${who.username} is in the session already.`);
  const gsnumber = held?.gsnumber ?? (await addParticipant(change.tx, session.lsid, who, change.now));
  if (held === undefined) await note(change, session, 'member_added', gsnumber, { kind: 'representative' });
  if (session.state === 'active') return;
  await setActive(change.tx, session.lsid, gsnumber, change.now);
  await note(change, session, 'owner_changed', gsnumber, { owner: gsnumber });
};

/** Null: there is no such session. @throws Refusal when they are not in it */
export const leaveSession = (change: Change, lsid: string, who: NewRepresentative): Promise<SupportSession | null> =>
  inSession(change, lsid, 'representative-leaves', { user: who.username }, async (session, here) => {
    const held = here.find(({ userId }) => userId === who.userId);
    if (held === undefined) throw new Refusal([], `${who.username} is not in the session.`);
    const { gsnumber } = held;
    await markLeft(change.tx, session.lsid, gsnumber, change.now);
    await note(change, session, 'member_departed', gsnumber, { kind: 'representative' });
    const rest = here.filter((one) => one.gsnumber !== gsnumber);
    const after = stateAfter(session.state, 'representative-leaves', count(rest));
    // Nobody waits for help at a machine.
    if (after === 'waiting' && session.jumpClientId !== null) return over(change, session, 'ended_by_representative');
    if (after === 'waiting' && session.state === 'active') {
      await setWaiting(change.tx, session.lsid, session.queue, change.now);
      await note(change, session, 'transferred', null, { queue: writeQueue(session.queue) });
    }
    if (after === 'active' && session.owner === gsnumber) {
      const next = rest.find(({ kind }) => kind === 'representative');
      if (next === undefined) throw new Error('an active session has no representative');
      await setActive(change.tx, session.lsid, next.gsnumber, change.now);
      await note(change, session, 'owner_changed', next.gsnumber, { owner: next.gsnumber });
    }
  });

/** To another queue, where it waits; whoever owned it leaves. Null: there is no such session. @throws Refusal */
export const transferSession = (change: Change, lsid: string, queue: Queue): Promise<SupportSession | null> =>
  inSession(change, lsid, 'transfer', { queue: writeQueue(queue) }, async (session) => {
    if (session.owner !== null) {
      await markLeft(change.tx, session.lsid, session.owner, change.now);
      await note(change, session, 'member_departed', session.owner, { kind: 'representative' });
    }
    await setWaiting(change.tx, session.lsid, queue, change.now);
    await note(change, session, 'transferred', session.owner, { queue: writeQueue(queue) });
  });

/** Null: there is no such session. @throws Refusal when it is over */
export const endSession = (change: Change, lsid: string, reason: string): Promise<SupportSession | null> =>
  inSession(change, lsid, 'end', { reason }, (session) => over(change, session, reason));

/** What is not named stays, what is empty is cleared. Null: there is no such session. @throws Refusal */
export const changeSessionAttributes = (
  change: Change,
  lsid: string,
  asked: Readonly<Record<string, string>>,
  /** The participant who does it; null: a program. */
  gsnumber: number | null = null,
): Promise<SupportSession | null> =>
  inSession(change, lsid, 'change', { attributes: Object.keys(asked) }, async (session) => {
    await setAttributes(change.tx, session.lsid, await changeAttributes(change.tx, session.attributes, asked));
    await note(change, session, 'attributes_set', gsnumber, { attributes: { ...asked } });
  });
