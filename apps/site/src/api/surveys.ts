import { z } from 'zod';
import { Flag, field, text } from './shape.ts';

export const surveyKinds = ['customer', 'representative'] as const;
export const SurveyKind = z.enum(surveyKinds);
export type SurveyKind = z.output<typeof SurveyKind>;

/** Words that are written, one of a few, or a number from one to five. */
export const questionTypes = ['text', 'choice', 'rating'] as const;
export const ratings = ['1', '2', '3', '4', '5'] as const;

const mostQuestions = 20;

/** What is asked: in this order, and kept with every answer as it was asked. */
export const SurveyQuestion = z.object({
  name: field(
    text(64, 1).regex(/^[a-zA-Z0-9_-]+$/, 'Use letters, digits, _ and - only.'),
    'Name',
    'For programs and reports. Left out: made from the question.',
  ),
  label: field(text(300, 1).trim(), 'Question', 'As it is asked.'),
  type: field(z.enum(questionTypes, 'Choose text, choice or rating.'), 'Answer', 'How it is answered.'),
  options: field(
    z.array(text(200, 1).trim()).max(20, 'Offer at most 20 answers.').default([]),
    'Answers to choose from',
    'Two or more, for a choice. A rating goes from 1 to 5.',
  ),
  required: field(Flag.default(false), 'Required', 'Whoever answers at all must answer it.'),
});
export type SurveyQuestion = z.output<typeof SurveyQuestion>;

const QuestionInput = z
  .strictObject({ ...SurveyQuestion.shape, name: SurveyQuestion.shape.name.optional() })
  .superRefine(({ type, options }, context) => {
    const wrong = (message: string) => context.addIssue({ code: 'custom', path: ['options'], message });
    if (type === 'choice' && new Set(options).size < 2) wrong('Offer at least two different answers.');
    else if (type === 'choice' && new Set(options).size < options.length) wrong('Each answer may be there once.');
    if (type !== 'choice' && options.length > 0) wrong('Only a choice has answers to choose from.');
  });

/** GET, PUT /api/surveys/:kind (system administrator): asked once a session is over. */
export const Survey = z.object({
  enabled: field(Flag, 'Asked at the end', 'Switched off, or without a question, nobody is asked.'),
  questions: z.array(SurveyQuestion),
});
export type Survey = z.output<typeof Survey>;
export const SurveyChange = z.strictObject({
  enabled: Survey.shape.enabled,
  questions: z
    .array(QuestionInput)
    .max(mostQuestions, `Ask at most ${mostQuestions} questions.`)
    .superRefine((questions, context) => {
      const seen = new Set<string>();
      for (const [index, { name }] of questions.entries()) {
        if (name !== undefined && seen.has(name.toLowerCase()))
          context.addIssue({ code: 'custom', path: [index, 'name'], message: 'Another question has this name.' });
        if (name !== undefined) seen.add(name.toLowerCase());
      }
    }),
});
export type SurveyChange = z.output<typeof SurveyChange>;
