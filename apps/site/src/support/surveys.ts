import type { Sql } from '@gatehouse/database';
import { audit } from '@gatehouse/server';
import { Refusal } from '../objects/index.ts';
import { addEvent, listEventsOf } from './events.ts';
import type { Change } from './in-session.ts';
import type { Member } from './participants.ts';
import { lockSession } from './store.ts';

export interface Answer {
  readonly name: string;
  readonly value: string;
}

/** What both sides are asked once a session is over. `rating` and `comments` are names that programs know. */
const surveyQuestions = [
  { name: 'rating', label: 'How did it go?', type: 'radio', options: ['1', '2', '3', '4', '5'] },
  { name: 'comments', label: 'Anything you want to tell us?', type: 'textarea', options: [] },
] as const;

/** What is asked of a participant; nothing once they answered. */
export const questionsFor = async (tx: Sql, { lsid, gsnumber }: Pick<Member, 'lsid' | 'gsnumber'>) => {
  const answered = await listEventsOf(tx, lsid, 'survey_completed');
  if (answered.some(({ performedBy }) => performedBy === gsnumber)) return [];
  return surveyQuestions.map(({ options, ...question }) => ({ ...question, options: [...options] }));
};

/** Once for each participant, and also long after the end. Null: there is no such session. @throws Refusal */
export const completeSurvey = async (
  { tx, by, now }: Change,
  { lsid, gsnumber, kind }: Member,
  given: readonly Answer[],
): Promise<true | null> => {
  const session = await lockSession(tx, lsid);
  if (session === null) return null;
  const before = await listEventsOf(tx, session.lsid, 'survey_completed');
  if (before.some(({ performedBy }) => performedBy === gsnumber))
    throw new Refusal([], 'You have answered already. Thank you.');
  const answers = surveyQuestions.flatMap(({ name, label, type }) => {
    const value = given.find((one) => one.name === name)?.value.trim() ?? '';
    return value === '' ? [] : [{ name, label, type, value }];
  });
  await addEvent(tx, session.lsid, {
    ...{ type: 'survey_completed', at: now, performedBy: gsnumber },
    body: { kind, answers },
  });
  const change = { lsid: session.lsid, kind, request: by.correlationId };
  await audit(
    tx,
    { ...by, correlationId: session.correlationId },
    { action: 'support-session.survey', target: kind, change },
  );
  return true;
};
