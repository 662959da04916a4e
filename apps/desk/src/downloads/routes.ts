import { asFault, openDownload } from '@gatehouse/host';
import { type Act, type App, audit, Problem, problems } from '@gatehouse/server';
import type { z } from 'zod';
import { OneThing, RecordingQuery, TranscriptQuery } from '../api/downloads.ts';
import type { SessionReport } from '../api/report.ts';
import { findConnection } from '../connections/index.ts';
import { type DeskSession, filesOf, findSession, withoutLinks } from '../details/index.ts';
import type { DeskParts } from '../parts.ts';
import { only } from '../people/index.ts';
import { toTranscript } from '../report/index.ts';
import { findSite, type Site } from '../sites/index.ts';
import { openReader } from '../write-back/index.ts';
import { binary, json, type Opened, sendFile, sendTranscript } from './send-file.ts';

const tags = ['support sessions'];
const path = '/api/support-sessions/:connectionId/:lsid';
const One = OneThing.omit({ number: true });

/**
 * What happened in a session, to be kept or watched. Who may is decided here, at each request, and noted; the links of a
 * site open by themselves and are told to nobody.
 */
export const serveDownloads = (app: App, parts: DeskParts): void => {
  const { database, log } = parts;
  const read = openReader(parts);
  const technicians = { config: { access: 'signed-in' }, onRequest: only(database, 'technician') } as const;

  app.get(
    `${path}/transcript`,
    {
      ...technicians,
      schema: { summary: 'What was said, as a file', tags, params: One, querystring: TranscriptQuery },
    },
    async ({ act, params, query: { form } }, reply) => {
      const { session, report } = await reported(params);
      const transcript = toTranscript(report, { isForCustomer: false });
      await note(act, session, 'transcript', { form });
      return sendTranscript(reply, `${params.lsid}-chat`, transcript, form);
    },
  );
  app.get(
    `${path}/export`,
    { ...technicians, schema: { summary: 'The report of a session, as JSON', tags, params: One } },
    async ({ act, params }, reply) => {
      const { session, report } = await reported(params);
      const rest = withoutLinks(report);
      await note(act, session, 'export', {});
      return sendFile(reply, `${params.lsid}.json`, json, JSON.stringify(rest, null, 2));
    },
  );
  app.get(
    `${path}/recordings/:number`,
    {
      ...technicians,
      schema: { summary: 'A recording, from the site', tags, params: OneThing, querystring: RecordingQuery },
    },
    async ({ act, params, query: { view } }, reply) => {
      const { session, site, report } = await fresh(params);
      const address = report.downloads.recordings[params.number - 1];
      const opened = await inWords(async () => recognise(await open(site, address)));
      await note(act, session, 'recording', { number: params.number });
      const name = `${params.lsid}-recording-${params.number}${opened.isVideo ? '.webm' : ''}`;
      const type = opened.isVideo ? 'video/webm' : binary;
      return sendFile(reply, name, type, opened, opened.isVideo && view === 'true');
    },
  );
  app.get(
    `${path}/files/:number`,
    { ...technicians, schema: { summary: 'A file that was sent, from the site', tags, params: OneThing } },
    async ({ act, params }, reply) => {
      const { session, site, report } = await fresh(params);
      const name = filesOf(report)[params.number - 1]?.file?.name ?? '';
      const opened = await open(site, report.downloads.files[params.number - 1] ?? undefined);
      await note(act, session, 'file', { number: params.number, name: name.slice(0, 300) });
      // Never as what somebody said that it is.
      return sendFile(reply, name || `${params.lsid}-file-${params.number}`, binary, opened);
    },
  );

  const find = async ({ connectionId, lsid }: z.output<typeof One>): Promise<DeskSession> => {
    const found = await database.system((tx) => findSession(tx, connectionId, lsid));
    if (found === null) throw problems.notFound();
    return found;
  };
  const reported = async (of: z.output<typeof One>): Promise<{ session: DeskSession; report: SessionReport }> => {
    const session = await find(of);
    if (session.report === null) throw problems.notFound();
    return { session, report: session.report };
  };
  /** Links of a site are good for a day, so the report is read anew. */
  const fresh = async (of: z.output<typeof One>) => {
    const session = await find(of);
    const site = await database.system(async (tx) => {
      const connection = await findConnection(tx, of.connectionId);
      return connection === null ? null : findSite(tx, connection.siteId);
    });
    if (site === null) throw problems.notFound();
    const report = await inWords(() => read(site.siteId, session.lsid));
    if (report === null) throw problems.notFound();
    return { session, site, report };
  };
  const open = (site: Site, address: string | undefined) => {
    if (address === undefined) throw problems.notFound();
    const { url: origin, certificateAuthorities } = site;
    const trust = certificateAuthorities === null ? {} : { certificateAuthorities };
    return inWords(() => openDownload({ system: 'The site', origin, address, ...trust }, { signal: parts.closing }));
  };
  const inWords = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Problem) throw error;
      const fault = asFault(error, 'The site');
      if (fault === null) throw error;
      log.info({ err: fault, detail: fault.detail }, 'something of a session could not be opened');
      throw problems.conflict(fault.advice);
    }
  };
  const note = (act: Act, { lsid, ticketNumber }: DeskSession, what: string, change: Record<string, string | number>) =>
    database.system((tx) =>
      audit(tx, act, {
        ...{ action: `support-session.open-${what}`, target: `Session ${lsid}` },
        change: { ...change, ticket: ticketNumber },
      }),
    );
};

/** Sites do not say that a recording is a video, so it is known by how it begins. */
const recognise = async ({ bytes, body }: Opened): Promise<Opened & { readonly isVideo: boolean }> => {
  const parts = body[Symbol.asyncIterator]();
  const first = await parts.next();
  const begins = first.done ? Buffer.alloc(0) : Buffer.from(first.value);
  return { bytes, body: again(first, parts), isVideo: begins.subarray(0, 4).equals(webm) };
};
const webm = Buffer.from('1a45dfa3', 'hex');

async function* again(first: IteratorResult<Uint8Array>, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for (let part = first; !part.done; part = await rest.next()) yield part.value;
  } finally {
    await rest.return?.();
  }
}
