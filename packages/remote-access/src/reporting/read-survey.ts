import { all, type XmlElement } from '../wire/xml.ts';
import type { Survey } from './model.ts';
import { readActor } from './read-event.ts';
import { textOr, timeAt, within } from './tolerant.ts';

/** `lsid`: of the session it was found in, where it does not say one itself. */
export const readSurvey = (survey: XmlElement, kind: Survey['kind'], lsid: string): Survey => {
  const [by] = all(survey, 'submitted_by');
  return {
    ...{ lsid: survey.attributes.get('lsid')?.trim().toLowerCase() || lsid, kind, at: timeAt(survey) },
    by: by === undefined ? null : readActor(by),
    questions: within(survey, 'question_list', 'question').map((question) => ({
      ...{ name: textOr(question, 'name'), label: textOr(question, 'label'), type: textOr(question, 'type') },
      answers: within(question, 'answer_list', 'answer').map((answer) => answer.text),
    })),
  };
};
