import { type App, audit } from '@gatehouse/server';
import { z } from 'zod';
import { Survey, SurveyChange, SurveyKind } from '../api/surveys.ts';
import type { Support } from './open-support.ts';
import { getSurvey, saveSurvey, toSurvey } from './survey-store.ts';

const config = { access: 'system-administrator' } as const;
const tags = ['remote support'];
const params = z.object({ kind: SurveyKind });
const titles = { customer: 'Survey of customers', representative: 'Survey of representatives' } as const;

/** What both sides are asked once a session is over. */
export const serveSurveys = (app: App, { database }: Support): void => {
  app.get(
    '/api/surveys/:kind',
    { config, schema: { summary: 'What one side is asked', tags, params, response: { 200: Survey } } },
    async ({ params: { kind } }) => database.system((tx) => getSurvey(tx, kind)),
  );
  app.put(
    '/api/surveys/:kind',
    {
      config,
      schema: {
        ...{ summary: 'Change what one side is asked', tags, params, body: SurveyChange },
        response: { 200: Survey },
      },
    },
    async ({ act, params: { kind }, body }) =>
      database.system(async (tx) => {
        const before = await getSurvey(tx, kind);
        const after = toSurvey(body);
        await saveSurvey(tx, kind, after);
        await audit(tx, act, { action: 'survey.change', target: titles[kind], change: { before, after } });
        return after;
      }),
  );
};
