import type { Json } from '@gatehouse/kernel';
import { ok, type TestClient, testClient } from '@gatehouse/server/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openReportDesk, type ReportDesk } from '../reporting/testing/report-desk.ts';

let desk: ReportDesk;
beforeAll(async () => {
  desk = await openReportDesk();
});
afterAll(() => desk?.close());

const put = (kind: string, body: Json) => desk.operator.ask('PUT', `/api/surveys/${kind}`, { body });
const text = (label: string, more: object = {}) => ({ label, type: 'text', ...more });

/** A customer whose session is over, and Anna who had it. */
const over = async (): Promise<{ readonly carol: TestClient; readonly lsid: string }> => {
  const carol = testClient(desk.url);
  const { key } = await desk.key();
  const begun = await ok(carol.post('/api/portal/sessions', { key, name: 'Carol', agreed: true }));
  const { lsid } = begun.body.session;
  await ok(desk.anna.post(`/api/support/sessions/${lsid}/join`, {}));
  await ok(carol.post('/api/portal/session/leave', {}));
  return { carol, lsid };
};
const asked = async (carol: TestClient) => (await ok(carol.get('/api/portal/session'))).body.survey;
const answer = (carol: TestClient, answers: object) =>
  carol.post('/api/portal/session/survey', {
    answers: Object.entries(answers).map(([name, value]) => ({ name, value })),
  });

test('a site asks a rating and for comments until somebody says otherwise, and each side what is meant for it', async () => {
  const { carol, lsid } = await over();
  const usual = [
    { name: 'rating', type: 'rating', options: ['1', '2', '3', '4', '5'], required: false },
    { name: 'comments', type: 'text', options: [], required: false },
  ];
  expect(await asked(carol)).toMatchObject(usual);
  await ok(put('representative', { enabled: true, questions: [] } as Json));
  expect(await asked(carol)).toMatchObject(usual);
  const own = async () => (await ok(desk.anna.get(`/api/support/sessions/${lsid}`))).body.survey;
  expect(await own()).toEqual([]);
  await ok(put('representative', { enabled: true, questions: [text('Solved?')] } as Json));
  expect(await own()).toMatchObject([{ name: 'solved', label: 'Solved?' }]);
  await ok(put('representative', { enabled: false, questions: [text('Solved?')] } as Json));
  expect(await own()).toEqual([]);
  const late = await desk.anna.post(`/api/support/sessions/${lsid}/survey`, {
    answers: [{ name: 'solved', value: 'x' }],
  });
  expect(late.status).toBe(409);
});

test.each([
  ['no question', [text('')], 'questions.0.label'],
  ['a kind that is none', [{ label: 'A', type: 'radio' }], 'questions.0.type'],
  ['a choice of one', [{ label: 'A', type: 'choice', options: ['x'] }], 'questions.0.options'],
  ['a choice with the same twice', [{ label: 'A', type: 'choice', options: ['x', 'y', 'x'] }], 'questions.0.options'],
  ['answers to a text', [text('A', { options: ['x', 'y'] })], 'questions.0.options'],
  ['one name twice', [text('A', { name: 'a' }), text('B', { name: 'A' })], 'questions.1.name'],
  ['a name with blanks', [text('A', { name: 'a b' })], 'questions.0.name'],
  ['too many', Array.from({ length: 21 }, (_, n) => text(`Q${n}`)), 'questions'],
])('a survey with %s is refused, and the one before stays', async (_what, questions, field) => {
  const before = (await ok(desk.operator.get('/api/surveys/customer'))).body;
  const refused = await put('customer', JSON.parse(JSON.stringify({ enabled: true, questions })));
  expect([refused.status, refused.body.errors.map((one: { field: string }) => one.field)]).toEqual([400, [field]]);
  expect((await ok(desk.operator.get('/api/surveys/customer'))).body).toEqual(before);
});

test('what is required is answered, a choice is one of its answers, and reports have each as it was asked then', async () => {
  await ok(
    put('customer', {
      enabled: true,
      questions: [
        { label: 'How did it <go>?', name: 'rating', type: 'rating', required: true },
        { label: 'Which way?', type: 'choice', options: ['Chat & screen', 'Telephone'] },
        text('Anything else?'),
        text('Anything else!'),
      ],
    }),
  );
  const { carol, lsid } = await over();
  expect((await asked(carol)).map(({ name }: { name: string }) => name)).toEqual([
    ...['rating', 'which_way', 'anything_else', 'anything_else_2'],
  ]);
  for (const [answers, words] of [
    [{ which_way: 'Telephone' }, 'Answer “How did it <go>?” first.'],
    [{ rating: '6' }, 'Choose one of the answers to “How did it <go>?”.'],
    [{ rating: '5', which_way: 'By post' }, 'Choose one of the answers to “Which way?”.'],
  ] as const) {
    const refused = await answer(carol, answers);
    expect([refused.status, refused.body.errors]).toEqual([400, [{ field: 'answers', message: words }]]);
  }
  await ok(answer(carol, { rating: '5', which_way: 'Chat & screen', anything_else: ' Thanks <b> ', other: 'x' }));
  expect((await answer(carol, { rating: '1' })).status).toBe(409);
  await ok(put('customer', { enabled: true, questions: [text('Another question', { name: 'rating' })] } as Json));

  // Every report is valid against the schema, or the desk throws.
  const { content } = await desk.report('SupportCustExitSurvey', { lsid });
  const questions = content.exit_survey[0].question_list.question;
  expect(questions).toEqual([
    {
      '@id': '1',
      type: 'radio',
      label: 'How did it <go>?',
      name: 'rating',
      report_header: 'How did it <go>?',
      answer_list: { answer: ['5'] },
    },
    {
      '@id': '2',
      type: 'radio',
      label: 'Which way?',
      name: 'which_way',
      report_header: 'Which way?',
      answer_list: { answer: ['Chat & screen'] },
    },
    {
      '@id': '3',
      type: 'textarea',
      label: 'Anything else?',
      name: 'anything_else',
      report_header: 'Anything else?',
      answer_list: { answer: ['Thanks <b>'] },
    },
  ]);
  const session = (await desk.report('SupportSession', { lsid })).content.session[0];
  expect(session.cust_survey_list.cust_exit_survey[0].question_list.question).toEqual(questions);
  const changes = (await ok(desk.operator.get('/api/audit?search=survey.change&limit=1'))).body.items;
  expect(changes[0]).toMatchObject({
    target: 'Survey of customers',
    change: { after: { questions: [{ label: 'Another question' }] } },
  });
});
