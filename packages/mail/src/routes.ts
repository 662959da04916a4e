import { describe } from '@gatehouse/fields';
import { openMailer } from '@gatehouse/host';
import { newId, toFault } from '@gatehouse/kernel';
import { type Access, type App, audit, problems, type Request } from '@gatehouse/server';
import { z } from 'zod';
import { listMails, retryMail, summariseMails } from './outbox.ts';
import type { MailRoom } from './room.ts';
import {
  acceptSettings,
  deleteSettings,
  findSettings,
  MailSettings,
  saveSettings,
  senderOf,
  serverOf,
  showSettings,
} from './settings.ts';
import { MailAnswer, MailInput, MailList, MailsQuery, MailTestAnswer, MailTestInput } from './shapes.ts';

const tags = ['mail'];

/** How mail leaves the program, what waits, and a test. `allow` refuses whom `access` lets through. */
export const serveMail = (
  app: App,
  { parts, wake }: MailRoom,
  who: { readonly access: Access; allow?(request: Request): Promise<unknown>; readonly title: string },
): void => {
  const { database, clock, sealer, log } = parts;
  const config = { access: who.access } as const;
  const allow = async (request: Request) => void (await who.allow?.(request));

  const answer = () =>
    database.system(async (tx) => {
      const [settings, { isSetUp, waiting, failed, problem }] = [
        await findSettings(tx, sealer),
        await summariseMails(tx),
      ];
      const advice = isSetUp ? problem : waiting > 0 ? 'Mail waits: enter a mail server.' : '';
      return {
        settings: settings === null ? null : showSettings(settings),
        ...{ schema: { ...describe(MailSettings) }, waiting, failed, advice: advice || null },
      };
    });

  app.get(
    '/api/mail',
    { config, schema: { summary: 'The mail server, and how it is with mail', tags, response: { 200: MailAnswer } } },
    async (request) => {
      await allow(request);
      return answer();
    },
  );
  app.put(
    '/api/mail',
    { config, schema: { summary: 'Enter the mail server', tags, body: MailInput, response: { 200: MailAnswer } } },
    async (request) => {
      await allow(request);
      await database.system(async (tx) => {
        const accepted = acceptSettings(request.body, await findSettings(tx, sealer));
        await saveSettings(tx, sealer, accepted, clock.now());
        const { server, port, security, userName, senderAddress } = MailSettings.parse(accepted);
        const change = { server, port, security, userName, senderAddress };
        await audit(tx, request.act, { action: 'mail.change', target: 'Mail server', change });
      });
      wake();
      return answer();
    },
  );
  app.delete(
    '/api/mail',
    { config, schema: { summary: 'Take the mail server away: mail waits', tags, response: { 204: z.void() } } },
    async (request, reply) => {
      await allow(request);
      await database.system(async (tx) => {
        await deleteSettings(tx);
        await audit(tx, request.act, { action: 'mail.remove', target: 'Mail server' });
      });
      return reply.code(204).send();
    },
  );
  app.post(
    '/api/mail/test',
    {
      config,
      schema: {
        ...{ summary: 'Try a mail server, saved or not, and send a test mail', tags, body: MailTestInput },
        response: { 200: MailTestAnswer },
      },
    },
    async (request) => {
      await allow(request);
      const { settings: given, to } = request.body;
      const saved = await database.system((tx) => findSettings(tx, sealer));
      const entered = given === undefined ? saved : acceptSettings(given, saved);
      if (entered === null) throw problems.conflict('Enter a mail server first.');
      const settings = MailSettings.parse(entered);
      if (to !== undefined)
        await database.system((tx) =>
          audit(tx, request.act, { action: 'mail.test', target: to, change: { server: settings.server } }),
        );
      return tryServer(settings, to);
    },
  );
  serveMails(app, { parts, wake, config, allow });

  /** Signed in, then sent: none after one that failed. */
  const tryServer = async (settings: MailSettings, to: string | undefined) => {
    const steps: z.output<typeof MailTestAnswer>['steps'] = [];
    const step = async (id: string, name: string, run: () => Promise<string>) => {
      if (steps.some(({ ok }) => ok !== true))
        return void steps.push({ id, name, ok: null, sentence: 'Not tried, because something failed before.' });
      try {
        steps.push({ id, name, ok: true, sentence: await run() });
      } catch (error) {
        const fault = toFault(error);
        log.info({ err: fault, detail: fault.detail }, 'a mail server was tried and failed');
        steps.push({ id, name, ok: false, sentence: fault.advice });
      }
    };
    const signal = AbortSignal.timeout(60_000);
    const open = () => openMailer({ ...serverOf(settings), bounds: { totalMs: 20_000 } }, { signal });
    await step('signed-in', 'The server answers and lets this program in', async () => {
      await open().check();
      return settings.security === 'none' ? 'It does, without encryption.' : 'It does, encrypted.';
    });
    if (to !== undefined)
      await step('sent', 'The server takes a mail', async () => {
        await open().send({
          ...{ id: newId(), from: senderOf(settings), to: [{ address: to }], isAutomatic: true },
          subject: `Test of ${who.title}`,
          text: `${who.title} can send mail.\n`,
        });
        return `It took one for ${to}.`;
      });
    return { ok: steps.every(({ ok }) => ok === true), steps };
  };
};

const serveMails = (
  app: App,
  of: Pick<MailRoom, 'parts' | 'wake'> & {
    readonly config: { readonly access: Access };
    allow(request: Request): Promise<void>;
  },
): void => {
  const { parts, wake, config, allow } = of;
  const { database, clock } = parts;
  app.get(
    '/api/mails',
    {
      config,
      schema: { summary: 'Mail, newest first', tags, querystring: MailsQuery, response: { 200: MailList } },
    },
    async (request) => {
      await allow(request);
      const { state = null, cursor, limit } = request.query;
      const asked = { state, before: cursor === undefined ? null : Number(cursor), limit: limit + 1 };
      const found = await database.system((tx) => listMails(tx, asked));
      const shown = found.slice(0, limit);
      return {
        items: shown.map(({ place: _, ...one }) => ({
          ...{ ...one, madeAt: one.madeAt.toISOString(), nextTryAt: one.nextTryAt.toISOString() },
          overAt: one.overAt?.toISOString() ?? null,
        })),
        next: found.length > limit ? String(shown.at(-1)?.place) : null,
      };
    },
  );
  app.post(
    '/api/mails/:mailId/retry',
    {
      config,
      schema: {
        ...{ summary: 'Send a mail that was given up', tags, params: z.object({ mailId: z.uuid() }) },
        response: { 204: z.void() },
      },
    },
    async (request, reply) => {
      await allow(request);
      const { mailId } = request.params;
      await database.system(async (tx) => {
        const found = await retryMail(tx, mailId, clock.now());
        if (found === null) throw problems.notFound();
        await audit(tx, request.act, { action: 'mail.retry', target: found.about || mailId });
      });
      wake();
      return reply.code(204).send();
    },
  );
};
