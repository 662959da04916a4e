import { Fault } from '@gatehouse/kernel';
import { refusedWith, reportsPath, type Send } from '../wire/send.ts';
import { all, readXml, type XmlElement } from '../wire/xml.ts';
import type { Choice, ListedSession, Session, Survey } from './model.ts';
import { readSession } from './read-session.ts';
import { readSurvey } from './read-survey.ts';
import { flag } from './tolerant.ts';

/** Sessions that one question may name. */
const mostNamed = 100;

/** The Reporting API. Every call throws a Fault; what there is nothing of is an empty list. */
export const reporting = (send: Send) => {
  const ask = async (
    report: string,
    parameters: Readonly<Record<string, string>>,
    root: string,
  ): Promise<XmlElement | null> => {
    const form = new URLSearchParams({ generate_report: report, ...parameters });
    const { status, text } = await send({
      ...{ method: 'POST', path: reportsPath, type: 'application/x-www-form-urlencoded', body: form.toString() },
    });
    const element = readXml(text);
    // Errors come with status 200, as the root or, from some sites, within it.
    const [error] = element.name === 'error' ? [element] : all(element, 'error');
    if (error !== undefined) {
      if (isNothing(error.text)) return null;
      throw refusedWith(error.text, report);
    }
    if (status !== 200 || element.name !== root)
      throw new Fault('unexpected', 'The site answered something that is not known.', `${report}: ${element.name}`);
    return element;
  };
  const sessions = async (report: string, choice: Choice): Promise<readonly Session[]> => {
    const found: Session[] = [];
    for (const parameters of toParameters(choice)) {
      const list = await ask(report, parameters, 'session_list');
      if (list !== null) found.push(...all(list, 'session').flatMap((one) => readSession(one) ?? []));
    }
    return found;
  };
  const listing = async (report: string, choice: Choice): Promise<readonly ListedSession[]> => {
    const found: ListedSession[] = [];
    for (const parameters of toParameters(choice)) {
      const list = await ask(report, parameters, 'session_summary_list');
      if (list !== null) found.push(...all(list, 'session_summary').flatMap(readListed));
    }
    return found;
  };
  const surveys = async (report: string, kind: Survey['kind'], choice: Choice): Promise<readonly Survey[]> => {
    const found: Survey[] = [];
    for (const parameters of toParameters(choice)) {
      const list = await ask(report, { ...parameters, report_type: 'rep', id: 'all' }, 'exit_survey_list');
      if (list === null) continue;
      const read = all(list, 'exit_survey').map((one) => readSurvey(one, kind, ''));
      // Of whom it is nobody may guess: a survey of another session of the same seconds is not this one's.
      found.push(...read.filter(({ lsid }) => ('lsids' in choice ? isNamed(choice.lsids, lsid) : lsid !== '')));
    }
    return found;
  };

  return {
    supportSessions: (choice: Choice) => sessions('SupportSession', choice),
    listSupportSessions: (choice: Choice) => listing('SupportSessionListing', choice),
    accessSessions: (choice: Choice) => sessions('AccessSession', choice),
    listAccessSessions: (choice: Choice) => listing('AccessSessionListing', choice),
    customerSurveys: (choice: Choice) => surveys('SupportCustExitSurvey', 'customer', choice),
    representativeSurveys: (choice: Choice) => surveys('SupportRepExitSurvey', 'representative', choice),
  };
};

/** What sites say where there is nothing, or not yet. */
const isNothing = (words: string): boolean =>
  /^\s*No\b.{0,60}\binformation matching your chosen criteria is available\b/is.test(words);

const isNamed = (lsids: readonly string[], lsid: string) => lsids.some((one) => one.toLowerCase() === lsid);

const readListed = (one: XmlElement): readonly ListedSession[] => {
  const lsid = one.attributes.get('lsid')?.trim().toLowerCase() ?? '';
  if (lsid === '') return [];
  return [{ lsid, hasRecording: flag(one, 'has_recording'), externalKey: one.attributes.get('external_key') ?? '' }];
};

/** One question for each; many names are asked for in parts. */
function* toParameters(choice: Choice): Generator<Readonly<Record<string, string>>> {
  if ('lsids' in choice) {
    for (let at = 0; at < choice.lsids.length; at += mostNamed) {
      const some = choice.lsids.slice(at, at + mostNamed);
      // Every version knows how one is named.
      yield some.length === 1 ? { lsid: some.join() } : { lsids: some.join(',') };
    }
    return;
  }
  const from = String(Math.floor(choice.from.getTime() / 1_000));
  yield { [`${choice.by}_time`]: from, duration: String(choice.seconds ?? 0) };
}
