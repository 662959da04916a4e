import type { Sql } from '@gatehouse/database';
import { audit } from '@gatehouse/server';
import { ratings, type SurveyQuestion } from '../api/surveys.ts';
import { Refusal } from '../objects/index.ts';
import { addEvent, listEventsOf } from './events.ts';
import type { Change } from './in-session.ts';
import type { Member } from './participants.ts';
import { lockSession } from './store.ts';
import { getSurvey } from './survey-store.ts';

export interface Answer {
  readonly name: string;
  readonly value: string;
}

/** What one side is asked; a rating with its numbers. */
const listQuestions = async (tx: Sql, kind: Member['kind']): Promise<SurveyQuestion[]> => {
  const { enabled, questions } = await getSurvey(tx, kind);
  if (!enabled) return [];
  return questions.map((question) => (question.type === 'rating' ? { ...question, options: [...ratings] } : question));
};

/** What is asked of a participant; nothing once they answered. */
export const questionsFor = async (
  tx: Sql,
  { lsid, gsnumber, kind }: Pick<Member, 'lsid' | 'gsnumber' | 'kind'>,
): Promise<SurveyQuestion[]> => {
  const answered = await listEventsOf(tx, lsid, 'survey_completed');
  return answered.some(({ performedBy }) => performedBy === gsnumber) ? [] : listQuestions(tx, kind);
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
  const questions = await listQuestions(tx, kind);
  if (questions.length === 0) throw new Refusal([], 'Nothing is asked any more. Thank you.');
  // As it was asked: what is asked of others later changes nothing of it.
  const answers = questions.flatMap((question) => {
    const { name, label, type, options } = question;
    const value = given.find((one) => one.name === name)?.value.trim() ?? '';
    refuseAnswer(question, value);
    return value === '' ? [] : [{ name, label, type, ...(options.length > 0 && { options }), value }];
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

const refuseAnswer = ({ label, required, options }: SurveyQuestion, value: string): void => {
  const wrong = (message: string) => new Refusal([{ field: 'answers', message }]);
  if (value === '') {
    if (required) throw wrong(`Answer “${label}” first.`);
  } else if (options.length > 0 && !options.includes(value)) throw wrong(`Choose one of the answers to “${label}”.`);
};
