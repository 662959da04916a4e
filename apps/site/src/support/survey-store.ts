import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { Survey, type SurveyChange, type SurveyKind, type SurveyQuestion } from '../api/surveys.ts';

/** What one side is asked. */
export const getSurvey = async (tx: Sql, kind: SurveyKind): Promise<Survey> => {
  const { rows } = await sql`select enabled, questions from support_surveys where kind = ${kind}`.execute(tx);
  return Survey.parse(rows[0]);
};

export const saveSurvey = async (tx: Sql, kind: SurveyKind, { enabled, questions }: Survey): Promise<void> => {
  await sql`update support_surveys set enabled = ${enabled}, questions = ${JSON.stringify(questions)}::jsonb
    where kind = ${kind}`.execute(tx);
};

/** With names for the questions that have none: `How did it go?` is asked as `how_did_it_go`. */
export const toSurvey = ({ enabled, questions }: SurveyChange): Survey => {
  const taken = new Set(questions.flatMap(({ name }) => (name === undefined ? [] : [name.toLowerCase()])));
  return {
    enabled,
    questions: questions.map(({ name, ...question }): SurveyQuestion => {
      if (name !== undefined) return { name, ...question };
      const made = nameOf(question.label);
      let free = made;
      for (let number = 2; taken.has(free); number += 1) free = `${made}_${number}`;
      taken.add(free);
      return { name: free, ...question };
    }),
  };
};

const nameOf = (label: string): string =>
  label
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 56) || 'question';
