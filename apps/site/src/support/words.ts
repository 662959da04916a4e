import { Refusal } from '../objects/index.ts';
import { type Change, inSession, note } from './in-session.ts';
import type { NewRepresentative } from './participants.ts';
import type { SupportSession } from './store.ts';

/** In whose name a program speaks: its own, the first customer's, or a representative's. */
export type Speaker = 'system' | 'customer' | { readonly userId: number };

/** Words to everybody in the session. Null: there is no such session. @throws Refusal when the speaker is not in it */
export const sayInSession = (
  change: Change,
  lsid: string,
  text: string,
  speaker: Speaker,
): Promise<SupportSession | null> =>
  inSession(change, lsid, 'change', { characters: text.length }, async (session, here) => {
    if (speaker === 'system') return await note(change, session, 'chat_message', null, { text });
    const who =
      speaker === 'customer'
        ? here.find(({ kind }) => kind === 'customer')
        : here.find(({ userId }) => userId === speaker.userId);
    if (who === undefined) throw new Refusal([], 'Whoever should say this is not in the session.');
    await note(change, session, 'chat_message', who.gsnumber, { text, by: change.by.principal.name });
  });

/** For representatives and reports; customers do not see it. Null: there is no such session. @throws Refusal */
export const addNote = (
  change: Change,
  lsid: string,
  who: NewRepresentative,
  text: string,
): Promise<SupportSession | null> =>
  inSession(change, lsid, 'change', { note: text.length }, async (session, here) => {
    const { gsnumber } = requireIn(here, who);
    await note(change, session, 'note_added', gsnumber, { text });
  });

export const requireIn = <M extends { readonly userId: number | null }>(
  here: readonly M[],
  { userId, username }: Pick<NewRepresentative, 'userId' | 'username'>,
): M => {
  const held = here.find((one) => one.userId === userId);
  if (held === undefined) throw new Refusal([], `${username} is not in the session.`);
  return held;
};
