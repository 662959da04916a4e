import { createHost, type HttpOptions } from '@gatehouse/host';
import { publicHalf } from '@gatehouse/host/agent';
import { Fault, type Secret } from '@gatehouse/kernel';
import { Enrolled, type Enrolment, jumpPaths } from '@gatehouse/remote-access/jump';
import { z } from 'zod';
import { type SiteWay, wayTo } from '../settings/index.ts';
import { siteSystem } from '../site/index.ts';

const Words = z.object({ detail: z.string().max(1_000) });

const httpTo = (site: SiteWay): HttpOptions => ({
  ...{ origin: site.url, system: siteSystem, timeoutMs: 30_000, maxBytes: 100_000 },
  ...wayTo(site),
});

/** Exchanges the key of an installer for the right to prove oneself with the key of this machine. @throws Fault */
export const enrol = async (
  site: SiteWay,
  keys: { readonly installer: Secret; readonly device: Secret },
  given: Omit<Enrolment, 'installerKey' | 'publicKey'>,
  signal: AbortSignal,
): Promise<Enrolled> => {
  const http = createHost({ signal, attempts: 1 }).http(httpTo(site));
  const enrolment: Enrolment = {
    ...given,
    installerKey: keys.installer.reveal().trim(),
    publicKey: publicHalf(keys.device),
  };
  const answer = await http.fetch(jumpPaths.enrol, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(enrolment),
  });
  const text = await answer.text();
  const json = jsonOf(text);
  const enrolled = answer.ok ? Enrolled.safeParse(json).data : undefined;
  if (enrolled !== undefined) return enrolled;
  const detail = Words.safeParse(json).data?.detail;
  if (answer.status === 401) throw new Fault('unauthorized', detail ?? 'The site does not take this key.');
  if (answer.status === 404 || detail === undefined)
    throw new Fault(
      'misconfigured',
      `At ${site.url} no site of Gatehouse answers (${answer.status}). Check the address.`,
    );
  throw new Fault('unexpected', detail);
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
