import { z } from 'zod';
import { listCustomFields } from '../../custom-fields/index.ts';
import { element, id, writeElement } from '../../xml-api/index.ts';
import { choiceFields, choiceOf, everything } from '../choice.ts';
import { defineReport, type ReportParts } from '../report.ts';
import type { Report as Rows } from '../stream.ts';
import { supportSessions, wholeSessions } from './rows.ts';
import { type SessionContext, writeSession } from './session-elements.ts';
import { summaryOfRepresentatives } from './summary.ts';
import { surveyElement } from './survey-elements.ts';
import { listSurveys } from './surveys.ts';

export const nothing = 'No Support report information matching your chosen criteria is available.';

export const supportSession = defineReport({
  ...{ name: 'SupportSession', needs: 'reportingSupport', parameters: z.object(choiceFields) },
  run: async ({ parameters, ...parts }): Promise<Rows> => {
    const choice = choiceOf(parameters);
    const context = await contextOf(parts);
    const rows = async function* () {
      for await (const whole of wholeSessions(parts.database, choice))
        yield* writeSession(whole, context(whole.session.lsid));
    };
    return { root: 'session_list', rows: rows(), nothing };
  },
});

const contextOf = async ({ database, clock, links, baseUrl }: ReportParts) => {
  const fields = await database.read(listCustomFields);
  const customFields = new Map(fields.map(({ codeName, displayName }) => [codeName, displayName]));
  return (lsid: string): SessionContext => {
    const now = clock.now();
    return {
      ...{ customFields, now },
      link: (kind, thing) => `${baseUrl()}${links.make({ lsid, kind, id: thing }, now)}`,
    };
  };
};

export const supportSessionListing = defineReport({
  ...{ name: 'SupportSessionListing', needs: 'reportingSupport', parameters: z.object(choiceFields) },
  run: async ({ parameters, database }): Promise<Rows> => {
    const choice = choiceOf(parameters, everything);
    const rows = async function* () {
      for await (const sessions of supportSessions(database, choice))
        for (const { lsid, externalKey, hasRecording } of sessions) {
          const about = { lsid, has_recording: Number(hasRecording), external_key: externalKey };
          yield `${writeElement(element('session_summary', '', about))}\n`;
        }
    };
    return { root: 'session_summary_list', rows: rows(), nothing };
  },
});

/** `all`, or somebody. */
const repId = z.union([z.literal('all').transform(() => null), id], 'Enter the id of a representative, or all.');
const ofRepresentatives = {
  report_type: z.literal('rep', 'Enter rep, which is the only type of this report here.').default('rep'),
  id: repId.default(null),
};

export const supportSessionSummary = defineReport({
  ...{ name: 'SupportSessionSummary', needs: 'reportingSupport' },
  parameters: z.object({ ...choiceFields, ...ofRepresentatives }),
  run: async ({ parameters, database, clock }): Promise<Rows> => ({
    ...{ root: 'summary_list', nothing },
    rows: summaryOfRepresentatives(database, choiceOf(parameters, everything), parameters.id, clock.now()),
  }),
});

const surveys = (name: string, kind: 'customer' | 'representative') =>
  defineReport({
    ...{ name, needs: 'reportingSupport', parameters: z.object({ ...choiceFields, ...ofRepresentatives }) },
    run: async ({ parameters, database }): Promise<Rows> => {
      const choice = choiceOf(parameters);
      const rows = async function* () {
        for await (const found of listSurveys(database, choice, kind, parameters.id))
          for (const one of found) yield `${writeElement(surveyElement('exit_survey', one))}\n`;
      };
      return { root: 'exit_survey_list', rows: rows(), nothing };
    },
  });

export const supportCustExitSurvey = surveys('SupportCustExitSurvey', 'customer');
export const supportRepExitSurvey = surveys('SupportRepExitSurvey', 'representative');
