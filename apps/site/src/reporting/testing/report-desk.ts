import type { Sql } from '@gatehouse/database';
import { XMLParser } from 'fast-xml-parser';
import { expect } from 'vitest';
import { addEvent, type NewSupportEvent } from '../../support/events.ts';
import type { Change } from '../../support/in-session.ts';
import { endSession, joinSession } from '../../support/sessions.ts';
import { type Desk, openDesk } from '../../support/testing/desk.ts';
import { keepThing } from '../../testing/kept-things.ts';
import type { Program } from '../../testing/test-site.ts';
import { complaintsOf } from '../../xml-api/testing/validate.ts';

/** A site with an API account that may have every report. */
export interface ReportDesk extends Desk {
  readonly reporter: Program;
  /** As `/api/reporting.xsd` has it. */
  readonly schema: string;
  /** The answer as it came, and what is in it; every answer is valid. */
  report(name: string, parameters?: Asked): Promise<XmlAnswer>;
  /** The words of an answer that must be an error. */
  errorOf(name: string, parameters?: Asked): Promise<string>;
  change<T>(work: (change: Change) => Promise<T>): Promise<T>;
  /** A session of Carol, which Anna has taken. */
  session(name?: string): Promise<string>;
  add(lsid: string, ...events: readonly Omit<NewSupportEvent, 'at'>[]): Promise<void>;
  end(lsid: string): Promise<void>;
  /** What a file or the recording of a screen is stored as. */
  blob(lsid: string, kind: 'file' | 'screen', parts: readonly (string | Buffer)[], state?: string): Promise<string>;
}

type Asked = Readonly<Record<string, string | number>>;
export interface XmlAnswer {
  readonly text: string;
  readonly root: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape and fail on a wrong one.
  readonly content: any;
}

/** Elements that come once or often are lists in any case. */
const lists = new Set([
  ...['session', 'session_summary', 'summary', 'exit_survey', 'event', 'customer', 'representative', 'value'],
  ...['category', 'field', 'row', 'question', 'answer', 'cust_exit_survey', 'rep_exit_survey', 'team_activity'],
  ...['vault_account_activity', 'custom_attribute', 'command_shell_recording'],
]);
const parser = new XMLParser({
  ...{
    removeNSPrefix: true,
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    isArray: (name: string) => lists.has(name),
  },
  ...{ parseTagValue: false, trimValues: false, ignoreDeclaration: true, htmlEntities: true },
});

export const openReportDesk = async (options: Parameters<typeof openDesk>[0] = {}): Promise<ReportDesk> => {
  const desk = await openDesk(options);
  const all = { perm_reporting_support: true, perm_reporting_vault: true, perm_reporting_syslog: true };
  const reporter = await desk.program({ perm_configuration: false, ...all });
  const schema = (await reporter.get('/api/reporting.xsd')).text;
  const { database, clock } = desk;
  const by = { principal: { kind: 'program', id: '1', name: 'A test' }, correlationId: 'test' } as const;
  const change: ReportDesk['change'] = (work) => database.system((tx: Sql) => work({ tx, by, now: clock.now() }));

  const report: ReportDesk['report'] = async (name, parameters = {}) => {
    const given = Object.entries(parameters).map(([key, value]) => [key, String(value)]);
    const query = new URLSearchParams({ generate_report: name, ...Object.fromEntries(given) });
    const answer = await reporter.get(`/api/reporting?${query}`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/xml; charset=UTF-8']);
    expect(await complaintsOf(schema, answer.text)).toBe('');
    const [[root = '', content] = []] = Object.entries(parser.parse(answer.text)).filter(([key]) => key !== '#text');
    return { text: answer.text, root, content };
  };
  return {
    ...{ ...desk, reporter, schema, report, change },
    errorOf: async (...asked) => {
      const { root, content } = await report(...asked);
      expect(root).toBe('error');
      return String(typeof content === 'string' ? content : content['#text']);
    },
    session: async (name) => {
      const lsid = await desk.wait('general', name);
      const { userId, username } = desk.anna;
      await change((one) => joinSession(one, lsid, { userId, username, name: 'Anna & <Co>' }));
      return lsid;
    },
    add: async (lsid, ...events) => {
      for (const event of events) await change(({ tx, now }) => addEvent(tx, lsid, { ...event, at: now }));
    },
    end: async (lsid) => void (await change((one) => endSession(one, lsid, 'done'))),
    blob: (...what) => keepThing(desk, ...what),
  };
};
