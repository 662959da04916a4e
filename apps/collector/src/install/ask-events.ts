import { randomBytes } from 'node:crypto';
import { parseSettings } from '@gatehouse/connector-kit';
import { describe } from '@gatehouse/fields';
import { type Answers, answerTo, questionsOf, type Value } from '@gatehouse/host/agent';
import { EventSettings } from '../events/index.ts';

/** Asked of a person: what else there is has a usual value, or belongs to one that was answered. */
const first: ReadonlySet<string> = new Set(['eventFolder', 'sambaAuditLog', 'eventPort']);
const following: ReadonlyMap<string, string> = new Map([['sambaController', 'sambaAuditLog']]);

/** Where security events come from, beside the logs of Windows. Everything may be left out. */
export const askEvents = async (answers: Answers): Promise<Readonly<Record<string, Value>>> => {
  const { dialogue } = answers;
  const silent = { ...answers, dialogue: { ...dialogue, ask: async () => null } };
  const events: Record<string, Value> = {};
  for (const question of questionsOf(describe(EventSettings))) {
    const { name } = question;
    const isAsked = dialogue.isPerson && (first.has(name) || Object.hasOwn(events, following.get(name) ?? ''));
    const value = await answerTo({ ...question, isRequired: false }, isAsked ? answers : silent);
    if (value !== undefined) events[name] = value;
  }
  if (events.eventPort !== undefined && events.eventToken === undefined) {
    const token = randomBytes(24).toString('base64url');
    events.eventToken = token;
    dialogue.say(
      `\n  Those that send events to port ${events.eventPort} need this token, which is shown only now: ${token}`,
    );
  }
  parseSettings(EventSettings, events);
  return events;
};
