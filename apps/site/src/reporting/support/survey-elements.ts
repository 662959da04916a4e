import { z } from 'zod';
import type { Participant, SupportEvent } from '../../support/index.ts';
import { type Element, element } from '../../xml-api/index.ts';
import { text } from './event-elements.ts';

export type SurveyKind = 'customer' | 'representative';

export const surveyKindOf = (event: SupportEvent): SurveyKind =>
  text(event.body, 'kind') === 'customer' ? 'customer' : 'representative';

const Value = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const Answer = z.object({
  ...{ name: z.string().catch(''), label: z.string().catch(''), type: z.string().catch('') },
  /** Of several choices each is one; nothing was answered where there is none. */
  value: z
    .union([Value.transform((one) => [one]), z.array(Value)])
    .catch([])
    .transform((values) => values.filter((one) => one !== '')),
});
/** As programs name the fields of a survey. */
const typesOfPrograms: Readonly<Record<string, string>> = { text: 'textarea', choice: 'radio', rating: 'radio' };
const Answers = z.object({ answers: z.array(Answer).catch([]) });

/** Whose session it is, on both sides; null: nobody's. */
export const primaryElements = (customer: Primary | null, owner: Primary | null): readonly Element[] => [
  ...(customer === null ? [] : [element('primary_customer', customer.name, { gsnumber: customer.gsnumber })]),
  ...(owner === null ? [] : [element('primary_rep', owner.name, { gsnumber: owner.gsnumber, id: owner.userId ?? 0 })]),
];
export type Primary = Pick<Participant, 'gsnumber' | 'userId' | 'name'>;

export interface Survey {
  readonly lsid: string;
  readonly event: SupportEvent;
  /** Who completed it, as the session knew them; empty where nobody is known. */
  readonly by: string;
  /** By one of these programs find whose it is. */
  readonly customer: Primary | null;
  readonly owner: Primary | null;
}

/** One survey; questions without an answer have an empty list of them. */
export const surveyElement = (name: string, { lsid, event, by, customer, owner }: Survey): Element => {
  const { answers } = Answers.parse(event.body);
  const type = surveyKindOf(event) === 'customer' ? 'customer' : 'rep';
  return element(
    name,
    [
      element('submitted_by', by, { type, gsnumber: event.performedBy ?? 0 }),
      ...primaryElements(customer, owner),
      element(
        'question_list',
        answers.map(({ name: question, label, type: asked, value }, index) =>
          element(
            'question',
            [
              ...[element('type', typesOfPrograms[asked] ?? asked), element('label', label), element('name', question)],
              element('report_header', label || question),
              element(
                'answer_list',
                value.map((one) => element('answer', one)),
              ),
            ],
            { id: index + 1 },
          ),
        ),
      ),
    ],
    { lsid, ts: Math.floor(event.at.getTime() / 1_000) },
  );
};
