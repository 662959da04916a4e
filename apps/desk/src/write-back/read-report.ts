import type { Session } from '@gatehouse/remote-access/reporting';
import { SessionReport } from '../api/report.ts';
import type { DeskParts } from '../parts.ts';
import { findSite } from '../sites/index.ts';

/** What a site reports of a session; null: nothing, or not yet. @throws Fault */
export type ReadReport = (siteId: string, lsid: string) => Promise<SessionReport | null>;

export const openReader =
  ({ database, openSite }: Pick<DeskParts, 'database' | 'openSite'>): ReadReport =>
  async (siteId, lsid) => {
    const site = await database.system((tx) => findSite(tx, siteId));
    if (site === null) return null;
    const found = await openSite(site).reports.supportSessions({ lsids: [lsid] });
    const session = found.find((one) => one.lsid.toLowerCase() === lsid.toLowerCase());
    return session === undefined ? null : toReport(session);
  };

const most = { events: 20_000, text: 200_000 } as const;
/** What a database keeps, and no more than anybody reads; nothing that has other words read from right to left. */
const text = (value: string | null): string =>
  (value ?? '')
    .replaceAll(/[\0\u202A-\u202E\u2066-\u2069]/g, '')
    .toWellFormed()
    .slice(0, most.text)
    .toWellFormed();
const when = (at: Date | null): string | null => at?.toISOString() ?? null;

/** In the form of the desk. */
const toReport = (session: Session): SessionReport => {
  const { customers, representatives, events, surveys, urls } = session;
  const shared = (one: Session['customers'][number] | Session['representatives'][number]) => ({
    ...{ gsnumber: String(one.gsnumber), name: text(one.name), username: text(one.username) },
    ...{ hostname: text(one.hostname), system: text(one.operatingSystem) },
    // Sites write a port behind it, 0 where they know none.
    address: text(one.publicAddress || one.privateAddress).replace(/:0$/, ''),
    isPrimary: one.isPrimary,
  });
  return SessionReport.parse({
    ...{ lsid: session.lsid, externalKey: text(session.externalKey) },
    ...{ beganAt: when(session.startedAt), endedAt: when(session.endedAt) },
    customers: customers.map((one) => ({
      ...{ ...shared(one), company: text(one.company), issue: text(one.issue), seconds: null },
    })),
    representatives: representatives.map((one) => ({
      ...{ ...shared(one), company: '', issue: '', seconds: one.secondsInvolved },
    })),
    events: events.slice(0, most.events).map(({ at, type, performedBy, destination, body, file, data }) => ({
      at: when(at ?? session.startedAt) ?? new Date(0).toISOString(),
      ...{ type: text(type), by: nameOf(session, performedBy), body: text(body) },
      isPrivate: /^chat message$/i.test(type) && isPrivate(performedBy, destination),
      file: file === null ? null : { name: text(file.name), bytes: file.size },
      data: data.slice(0, 1_000).map(({ name, value }) => ({ name: text(name), value: text(value) })),
    })),
    system: events
      .flatMap(({ system }) => system)
      .slice(0, 500)
      .map(({ name, rows }) => ({
        name: text(name),
        rows: rows
          .flat()
          .slice(0, 5_000)
          .map((row) => ({ name: text(row.name), value: text(row.value) })),
      })),
    surveys: surveys.slice(0, 100).map(({ kind, at, by, questions }) => ({
      ...{ by: kind, at: when(at), name: nameOf(session, by) },
      answers: questions.slice(0, 200).map(({ name, label, answers }) => ({
        ...{ name: text(name), label: text(label), value: text(answers.join(', ')) },
      })),
    })),
    downloads: {
      chat: urls.chat,
      recordings: [urls.recording, ...urls.shells].filter((url) => url !== null).slice(0, 100),
      files: events.slice(0, most.events).flatMap(({ file }) => (file === null ? [] : [file.url])),
    },
  });
};

/** What a representative says to another one, and not to everybody. */
const isPrivate = (by: Actor, to: Actor): boolean => by?.type === 'representative' && to?.type === 'representative';
type Actor = Session['events'][number]['destination'];

/** By the number in the session, since sites do not always name who did it. */
const nameOf = ({ customers, representatives }: Session, actor: Session['events'][number]['performedBy']): string => {
  if (actor === null || actor.type === 'system') return '';
  const found = [...customers, ...representatives].find(({ gsnumber }) => gsnumber === actor.gsnumber);
  return text(actor.name || found?.name || '');
};
